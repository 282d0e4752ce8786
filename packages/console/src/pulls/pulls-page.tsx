import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { addressOf } from '../app/client.ts';
import { useMembership } from '../app/membership.ts';
import { useCursorPages } from '../components/cursor-pages.ts';
import { DataGrid } from '../components/data-grid.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { LiveButton, useLive } from '../components/live-button.tsx';
import { OwnersOnly } from '../components/owners-only.tsx';
import { Page } from '../components/page.tsx';
import { pullColumns } from './pull-columns.tsx';
import { PullDetails } from './pull-details.tsx';
import { PullsFilters } from './pulls-filters.tsx';
import { pullsQuery } from './pulls-queries.ts';
import { type PullsSearch, pullsQueryOf } from './pulls-search.ts';

/** What was pulled and what was refused, newest first. */
export function PullsPage() {
  const { org, isOwner } = useMembership();
  if (!isOwner) return <OwnersOnly title="Pulls">It lists what everybody in {org} pulled.</OwnersOnly>;
  return <OwnersPulls org={org} />;
}

function OwnersPulls({ org }: { readonly org: string }) {
  const { cursor, pull, ...filter } = useSearch({ from: '/signed-in/console/o/$org/pulls' });
  const navigate = useNavigate({ from: '/console/o/$org/pulls' });
  const live = useLive(cursor === undefined && filter.to === undefined);
  const { data, error, isPlaceholderData, isPending, refetch } = useQuery({
    ...pullsQuery(org, filter, cursor),
    refetchInterval: live.interval,
  });
  const paging = useCursorPages({ cursor, next: data?.next_cursor, onCursor: (next) => show({ cursor: next }) });

  function show(change: Partial<PullsSearch>): void {
    void navigate({ search: (before) => ({ ...before, ...change }), resetScroll: false });
  }
  /** What another filter finds begins with its newest page. */
  function narrow(change: Partial<PullsSearch>): void {
    void navigate({
      search: (before) => ({ ...before, ...change, cursor: undefined }),
      replace: true,
      resetScroll: false,
    });
  }

  return (
    <Page
      title="Pulls"
      lead={`Every request of a client that ${org} allowed or refused. Pulling one image takes several.`}
      actions={
        <>
          {cursor === undefined && filter.to === undefined && <LiveButton live={live} />}
          <ExportMenu
            addressOf={(format) =>
              addressOf('exportPulls', { params: { org }, query: { ...pullsQueryOf(filter, Date.now()), format } })
            }
          />
        </>
      }
    >
      <PullsFilters
        filter={filter}
        onChange={narrow}
        onClear={() => void navigate({ search: {}, replace: true, resetScroll: false })}
      />
      <DataGrid
        label="Pulls"
        columns={pullColumns}
        rows={data?.results}
        rowId={(row) => row.id}
        isLoading={isPending || isPlaceholderData}
        error={error}
        onRetry={() => void refetch()}
        empty={<NoPulls isFiltered={Object.values(filter).some((value) => value !== undefined)} />}
        paging={paging}
        onOpen={(row) => show({ pull: row.id })}
      />
      {pull !== undefined && (
        <PullDetails
          org={org}
          id={pull}
          known={data?.results.find(({ id }) => id === pull)}
          onClose={() => show({ pull: undefined })}
        />
      )}
    </Page>
  );
}

function NoPulls({ isFiltered }: { readonly isFiltered: boolean }) {
  return isFiltered ? (
    <EmptyState title="No pulls like this">Clear a filter, or look at a longer time.</EmptyState>
  ) : (
    <EmptyState title="Nothing was pulled yet">
      Sign a client in with an access token, and pull an image through {location.host}. It appears here at once.
    </EmptyState>
  );
}
