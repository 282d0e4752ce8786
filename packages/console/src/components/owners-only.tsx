import type { ReactNode } from 'react';
import { useMembership } from '../app/membership.ts';
import { EmptyState } from './empty-state.tsx';
import { Page } from './page.tsx';
import { PageLink } from './page-link.tsx';

interface OwnersOnlyProps {
  /** Of the page. */
  readonly title: string;
  /** What it tells those who see it. */
  readonly children: ReactNode;
}

/** In place of a page of owners, for who came to it by its address: navigation does not lead there. */
export function OwnersOnly({ title, children }: OwnersOnlyProps) {
  const { org } = useMembership();
  return (
    <Page title={title}>
      <EmptyState
        title="Only owners see this page"
        action={
          <PageLink to="/console/o/$org/image-access" params={{ org }}>
            See what you may pull
          </PageLink>
        }
      >
        {children} Ask an owner if you need to know.
      </EmptyState>
    </Page>
  );
}
