import type { ActivityBody } from '@pullgate/contract';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { addressOf } from '../app/client.ts';
import { useMembership } from '../app/membership.ts';
import { callerQuery } from '../app/queries.ts';
import { useCursorPages } from '../components/cursor-pages.ts';
import { DataGrid } from '../components/data-grid.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { LiveButton, useLive } from '../components/live-button.tsx';
import { OwnersOnly } from '../components/owners-only.tsx';
import { Page } from '../components/page.tsx';
import { actionOptions } from './action-options.ts';
import { activityColumns } from './activity-columns.tsx';
import { ActivityDetails } from './activity-details.tsx';
import { ActivityFilters } from './activity-filters.tsx';
import { actionsQuery, activityQuery } from './activity-queries.ts';
import { type ActivitySearch, activityQueryOf } from './activity-search.ts';
import { Chain } from './chain.tsx';
import { Deliveries } from './deliveries.tsx';

/** Who changed what, newest first. Administrators of the installation also see whether all of it is still there. */
export function ActivityPage() {
  const { org, isOwner } = useMembership();
  if (!isOwner) return <OwnersOnly title="Activity">It lists who changed what in {org}.</OwnersOnly>;
  return <OwnersActivity org={org} />;
}

function OwnersActivity({ org }: { readonly org: string }) {
  const { data: caller } = useSuspenseQuery(callerQuery);
  const { cursor, deliveries: _deliveries, ...filter } = useSearch({ from: '/signed-in/console/o/$org/activity' });
  const navigate = useNavigate({ from: '/console/o/$org/activity' });
  const [opened, setOpened] = useState<ActivityBody>();
  const labelOf = useActionLabels(org);
  const columns = useMemo(() => activityColumns(labelOf), [labelOf]);
  const canFollow = cursor === undefined && filter.to === undefined;
  const live = useLive(canFollow);
  const { data, error, isPlaceholderData, isPending, refetch } = useQuery({
    ...activityQuery(org, filter, cursor),
    refetchInterval: live.interval,
  });
  const paging = useCursorPages({
    cursor,
    next: data?.next_cursor,
    onCursor: (next) => void navigate({ search: (before) => ({ ...before, cursor: next }), resetScroll: false }),
  });

  /** What another filter finds begins with its newest page. */
  function narrow(change: Partial<ActivitySearch>): void {
    void navigate({
      search: (before) => ({ ...before, ...change, cursor: undefined }),
      replace: true,
      resetScroll: false,
    });
  }

  return (
    <Page
      title="Activity"
      lead={`Who changed what in ${org}. Each row is chained to the one before it: a row that is changed or taken out is found.`}
      actions={
        <>
          {canFollow && <LiveButton live={live} />}
          <ExportMenu
            addressOf={(format) =>
              addressOf('exportActivity', {
                params: { org },
                query: { ...activityQueryOf(filter, Date.now()), format },
              })
            }
          />
        </>
      }
    >
      <ActivityFilters
        org={org}
        filter={filter}
        onChange={narrow}
        onClear={() =>
          void navigate({ search: ({ deliveries }) => ({ deliveries }), replace: true, resetScroll: false })
        }
      />
      <DataGrid
        label="Activity"
        columns={columns}
        rows={data?.results}
        rowId={(row) => row.sequence}
        isLoading={isPending || isPlaceholderData}
        error={error}
        onRetry={() => void refetch()}
        empty={<EmptyState title="Nothing was changed like this">Clear a filter, or look at a longer time.</EmptyState>}
        paging={paging}
        onOpen={setOpened}
      />
      {caller.is_admin && <Chain />}
      {caller.is_admin && <Deliveries />}
      {opened && <ActivityDetails row={opened} label={labelOf(opened.action)} onClose={() => setOpened(undefined)} />}
    </Page>
  );
}

/** An action that this server does not list is told by its name. */
function useActionLabels(org: string): (action: string) => string {
  const { data: groups } = useQuery(actionsQuery(org));
  return useMemo(() => {
    const labels = new Map(actionOptions(groups ?? {}).map(({ value, label }) => [value, label]));
    return (action) => labels.get(action) ?? action;
  }, [groups]);
}
