import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import type { PullDecisionBody } from '@pullgate/contract';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { isNotFound } from '../app/client.ts';
import { Loading } from '../app/loading.tsx';
import { organizationsQuery } from '../app/queries.ts';
import { CopyableText } from '../components/copyable-text.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { exactTime } from '../components/exact-time.ts';
import { type Fact, Facts } from '../components/facts.tsx';
import { Page } from '../components/page.tsx';
import { Section } from '../components/section.tsx';
import { categoryNames } from '../image-access/category-names.ts';
import { imageName } from '../pulls/image-name.ts';
import { ruleNames } from '../pulls/rule-names.ts';
import { decisionQuery } from './decision-queries.ts';
import { reasonOf } from './reason.ts';
import { WhatToPull } from './what-to-pull.tsx';
import { WhomToAsk } from './whom-to-ask.tsx';

/** Where the link in a refusal leads: what was refused and why, what may be pulled instead, and whom to ask. */
export function DecisionPage() {
  const { id } = useParams({ from: '/signed-in/plain/console/decisions/$id' });
  const { data: decision, error, refetch } = useQuery(decisionQuery(id));
  if (decision) return <DecisionOf decision={decision} />;
  if (!error) return <Loading />;
  return (
    <Page title="A decision">
      {isNotFound(error) ? (
        <EmptyState title="There is no such decision">
          The link may be mistyped, its record older than what is kept, or the decision that of an organization you do
          not belong to. Ask whoever gave you the link.
        </EmptyState>
      ) : (
        <ErrorMessage error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  );
}

function DecisionOf({ decision }: { readonly decision: PullDecisionBody }) {
  const { data: organizations } = useSuspenseQuery(organizationsQuery);
  const isOwner = organizations.some(({ orgname, user_role }) => orgname === decision.org && user_role === 'Owner');
  const isAllowed = decision.verdict === 'allow';
  return (
    <Page title={isAllowed ? 'An allowed pull' : 'A refused pull'}>
      <Alert severity={isAllowed ? 'success' : 'error'}>
        <AlertTitle sx={{ overflowWrap: 'anywhere' }}>{imageName(decision)}</AlertTitle>
        {reasonOf(decision)}
      </Alert>
      {!isAllowed && <WhatToPull decision={decision} isOwner={isOwner} />}
      {!isAllowed && <WhomToAsk decision={decision} isOwner={isOwner} />}
      <Section title="The decision">
        <Facts facts={factsOf(decision)} />
      </Section>
    </Page>
  );
}

function factsOf(decision: PullDecisionBody): readonly Fact[] {
  return [
    ['Decided by', decision.org ?? 'The configuration of this gate'],
    ['Rule', `${ruleNames[decision.rule]} (${decision.rule})`],
    ['Type of image', categoryNames[decision.category]],
    ['Asked by', decision.person ?? 'Nobody was signed in'],
    ['When', exactTime(decision.at)],
    ['Digest', decision.digest && <CopyableText key="digest" text={decision.digest} what="the digest" />],
    ['Id', <CopyableText key="id" text={decision.id} what="the id of the decision" />],
  ];
}
