import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Typography from '@mui/material/Typography';
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { client } from '../app/client.ts';
import { Page } from '../components/page.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { categoryNames } from '../image-access/category-names.ts';

const decisionQuery = (id: string) =>
  queryOptions({
    queryKey: ['decision', id],
    queryFn: ({ signal }) => client.getDecision({ params: { id } }, { signal }),
  });

/** What was refused, why, what may be pulled instead, and whom to ask. */
export function DecisionPage() {
  const { id } = useParams({ from: '/signed-in/plain/console/decisions/$id' });
  const { data: decision } = useSuspenseQuery(decisionQuery(id));
  const { verdict, repository, tag, digest, person, at, org, category, rule, alternatives, owners } = decision;
  const image = digest === null ? `${repository}${tag === null ? '' : `:${tag}`}` : `${repository}@${digest}`;
  const isAllowed = verdict === 'allow';
  return (
    <Page title={isAllowed ? 'An allowed pull' : 'A refused pull'}>
      <Alert severity={isAllowed ? 'success' : 'error'}>
        <AlertTitle sx={{ overflowWrap: 'anywhere' }}>{image}</AlertTitle>
        {person ?? 'Nobody signed in'} asked for it <Time value={at} />. {org ?? 'The gate'} decided by the rule “{rule}
        ”. It is a {categoryNames[category]}.
      </Alert>
      {!isAllowed && (
        <Section title="What to do">
          <Typography>
            {alternatives.length > 0
              ? `Pull one of these instead: ${alternatives.join(', ')}.`
              : 'Nothing else is allowed.'}
          </Typography>
          {owners.length > 0 && <Typography>Ask an owner to allow this repository: {owners.join(', ')}.</Typography>}
        </Section>
      )}
    </Page>
  );
}
