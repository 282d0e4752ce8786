import { Page } from '../components/page.tsx';

export function SingleSignOnPage() {
  return <Page title="Single sign on">{null}</Page>;
}
