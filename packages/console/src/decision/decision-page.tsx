import { Page } from '../components/page.tsx';

export function DecisionPage() {
  return <Page title="DecisionPage">{null}</Page>;
}
