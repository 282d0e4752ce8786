import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { PullStatisticsBody, StatusBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { counted } from '../components/counted.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { PageLink } from '../components/page-link.tsx';
import { Time } from '../components/time.tsx';
import { share } from './counts.ts';
import { lastPolicyChangeQuery } from './overview-queries.ts';

interface FiguresProps {
  readonly org: string;
  readonly from: Date;
  readonly statistics: PullStatisticsBody;
  readonly status: StatusBody | undefined;
}

/** The numbers that say how things are. */
export function Figures({ org, from, statistics, status }: FiguresProps) {
  const { allowed, refused, stale } = statistics;
  const search = { from: from.toISOString() };
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(min(220px, 100%), 1fr))' }}>
      <Figure title="Allowed pulls" value={allowed.toLocaleString()}>
        {allowed > 0 &&
          `${stale === 0 ? 'None' : stale.toLocaleString()} of them from the cache while the registry did not answer.`}
      </Figure>
      <Figure title="Refused pulls" value={refused.toLocaleString()}>
        {refused === 0 ? 'Nothing was refused.' : `${share(refused, allowed + refused)} of all. `}
        {refused > 0 && (
          <PageLink to="/console/o/$org/pulls" params={{ org }} search={{ ...search, verdict: 'deny' }}>
            See them
          </PageLink>
        )}
      </Figure>
      {status && <CacheFigure cache={status.cache} from={from} />}
      <LastPolicyChange org={org} />
    </Box>
  );
}

interface FigureProps {
  readonly title: string;
  readonly value: ReactNode;
  /** What there is to say about it. */
  readonly children: ReactNode;
}

function Figure({ title, value, children }: FigureProps) {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} sx={{ p: 2 }}>
      <Typography id={id} variant="h2" sx={{ fontSize: '0.875rem', color: 'text.secondary' }}>
        {title}
      </Typography>
      <Typography sx={{ fontSize: '1.5rem', fontWeight: 600, lineHeight: 1.5, overflowWrap: 'anywhere' }}>
        {value}
      </Typography>
      <Typography variant="body2" color="textSecondary">
        {children}
      </Typography>
    </Paper>
  );
}

/** Of the installation: a cache that organizations share has no rate of its own for one of them. */
function CacheFigure({
  cache: { hits, misses, since },
  from,
}: {
  readonly cache: StatusBody['cache'];
  readonly from: Date;
}) {
  const asked = hits + misses;
  const isYounger = Date.parse(since) > from.getTime();
  return (
    <Figure title="Cache hit rate" value={share(hits, asked) ?? '–'}>
      {asked === 0
        ? 'Nothing was asked of the cache'
        : `Of ${counted(asked, 'request')} by clients of all organizations`}
      {isYounger ? (
        <>
          {' '}
          since the gate started <Time value={since} />.
        </>
      ) : (
        '.'
      )}
    </Figure>
  );
}

function LastPolicyChange({ org }: { readonly org: string }) {
  const { data: last, error } = useQuery(lastPolicyChangeQuery(org));
  if (error) return <ErrorMessage error={error} />;
  if (!last) return null;
  return (
    <Figure title="Last policy change" value={<Time value={last.changed_at} />}>
      By {last.changed_by}, version {last.version}.{' '}
      <PageLink to="/console/o/$org/image-access" params={{ org }}>
        See the policy
      </PageLink>
    </Figure>
  );
}
