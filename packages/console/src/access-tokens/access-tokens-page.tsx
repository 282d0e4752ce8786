import { Page } from '../components/page.tsx';

export function AccessTokensPage() {
  return <Page title="AccessTokensPage">{null}</Page>;
}
