import { Page } from '../components/page.tsx';

export function SingleSignOnPage() {
  return <Page title="SingleSignOnPage">{null}</Page>;
}
