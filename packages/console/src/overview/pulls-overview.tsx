import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { shortCategoryNames } from '../image-access/category-names.ts';
import { beginningOf, countsOverTime } from './counts.ts';
import { CountsSection } from './counts-section.tsx';
import { Figures } from './figures.tsx';
import { MostRefused } from './most-refused.tsx';
import { statisticsQuery, statusQuery } from './overview-queries.ts';
import type { Period } from './overview-search.ts';
import { Registries } from './registries.tsx';

interface PullsOverviewProps {
  readonly org: string;
  readonly period: Period;
}

const twoColumns = {
  display: 'grid',
  gap: 3,
  gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' },
};

/** How pulls went over a period, and what they depend on. */
export function PullsOverview({ org, period }: PullsOverviewProps) {
  const from = beginningOf(period, Date.now());
  const statistics = useQuery({ ...statisticsQuery(org, from.toISOString()), placeholderData: keepPreviousData });
  const status = useQuery({ ...statusQuery(from.toISOString()), placeholderData: keepPreviousData });
  if (statistics.error) return <ErrorMessage error={statistics.error} onRetry={() => void statistics.refetch()} />;
  if (!statistics.data) return <Skeleton variant="rounded" height={480} />;
  const { data } = statistics;
  const isEmpty = data.allowed + data.refused === 0;
  return (
    <>
      <Figures org={org} from={from} statistics={data} status={status.data} />
      {isEmpty ? (
        <EmptyState title="Nobody pulled in this time">
          Choose a longer period, or pull an image through the gate.
        </EmptyState>
      ) : (
        <CountsSection title="Pulls over time" what="Time" counts={countsOverTime(data.series, period)} />
      )}
      <Box sx={twoColumns}>
        {!isEmpty && (
          <>
            <MostRefused org={org} from={from} statistics={data} />
            <CountsSection
              title="By type of image"
              what="Type"
              layout="horizontal"
              counts={data.categories.map(({ category, ...counts }) => ({
                ...counts,
                label: shortCategoryNames[category],
              }))}
            />
          </>
        )}
        {status.error && <ErrorMessage error={status.error} onRetry={() => void status.refetch()} />}
        {status.data && <Registries upstreams={status.data.upstreams} />}
      </Box>
    </>
  );
}
