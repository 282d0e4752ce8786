import { Page } from '../components/page.tsx';

export function PullsPage() {
  return <Page title="Pulls">{null}</Page>;
}
