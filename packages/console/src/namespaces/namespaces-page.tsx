import { Page } from '../components/page.tsx';

export function NamespacesPage() {
  return <Page title="Namespaces">{null}</Page>;
}
