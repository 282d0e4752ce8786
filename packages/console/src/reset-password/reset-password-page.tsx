import { NarrowPage } from '../components/narrow-page.tsx';

export function ResetPasswordPage() {
  return <NarrowPage title="A new password">{null}</NarrowPage>;
}
