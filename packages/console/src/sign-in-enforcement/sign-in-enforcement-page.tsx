import { Page } from '../components/page.tsx';

export function SignInEnforcementPage() {
  return <Page title="SignInEnforcementPage">{null}</Page>;
}
