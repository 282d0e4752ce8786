import { Page } from '../components/page.tsx';

export function RegistryAccessPage() {
  return <Page title="Registry access">{null}</Page>;
}
