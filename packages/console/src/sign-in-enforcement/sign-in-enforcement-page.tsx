import { Page } from '../components/page.tsx';

export function SignInEnforcementPage() {
  return <Page title="Enforce sign-in">{null}</Page>;
}
