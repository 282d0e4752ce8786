import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMembership } from '../app/membership.ts';
import { OwnersOnly } from '../components/owners-only.tsx';
import { Page } from '../components/page.tsx';
import { FirstSteps } from './first-steps.tsx';
import { PeriodChoice } from './period-choice.tsx';
import { PullsOverview } from './pulls-overview.tsx';

/** How the organization does. For owners, as the records of pulls are. */
export function OverviewPage() {
  const { org, isOwner } = useMembership();
  if (isOwner) return <OwnersOverview org={org} />;
  return <OwnersOnly title="Overview">It tells how the pulls of everybody in {org} went.</OwnersOnly>;
}

function OwnersOverview({ org }: { readonly org: string }) {
  const { period = 'week' } = useSearch({ from: '/signed-in/console/o/$org/overview' });
  const navigate = useNavigate({ from: '/console/o/$org/overview' });
  return (
    <Page
      title="Overview"
      lead={`How pulls of ${org} went, counted in the requests with which clients begin one: an image is one to three of them.`}
      actions={
        <PeriodChoice
          value={period}
          onChange={(chosen) => void navigate({ search: { period: chosen }, resetScroll: false })}
        />
      }
    >
      <FirstSteps org={org} />
      <PullsOverview org={org} period={period} />
    </Page>
  );
}
