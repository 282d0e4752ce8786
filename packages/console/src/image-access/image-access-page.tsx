import { Page } from '../components/page.tsx';

export function ImageAccessPage() {
  return <Page title="ImageAccessPage">{null}</Page>;
}
