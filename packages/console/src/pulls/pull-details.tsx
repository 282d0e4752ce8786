import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import type { PullBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { CopyableText } from '../components/copyable-text.tsx';
import { Details } from '../components/details.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { exactTime } from '../components/exact-time.ts';
import { type Fact, Facts } from '../components/facts.tsx';
import { LinkButton } from '../components/link-button.tsx';
import { isAllowlistable } from '../decision/allowlistable.ts';
import { categoryNames } from '../image-access/category-names.ts';
import { imageName } from './image-name.ts';
import { pullQuery } from './pulls-queries.ts';
import { ruleNames } from './rule-names.ts';
import { Verdict } from './verdict.tsx';

interface PullDetailsProps {
  readonly org: string;
  readonly id: string;
  /** When the list has it already. */
  readonly known: PullBody | undefined;
  readonly onClose: () => void;
}

/** One record, whole. */
export function PullDetails({ org, id, known, onClose }: PullDetailsProps) {
  const { data: pull = known, error, refetch } = useQuery({ ...pullQuery(org, id), enabled: known === undefined });
  return (
    <Details title={pull ? imageName(pull) : 'A pull'} onClose={onClose}>
      {error && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      {!pull && !error && <LinearProgress aria-label="Loading the record" />}
      {pull && <Facts facts={factsOf(pull)} />}
      {pull && (
        <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
          <LinkButton variant="outlined" to="/console/decisions/$id" params={{ id: pull.id }}>
            Show the decision
          </LinkButton>
          {isAllowlistable(pull) && (
            <LinkButton
              variant="outlined"
              to="/console/o/$org/image-access"
              params={{ org }}
              search={{ allow: pull.repository }}
            >
              Allow this repository…
            </LinkButton>
          )}
        </Stack>
      )}
    </Details>
  );
}

function factsOf(pull: PullBody): readonly Fact[] {
  return [
    ['Verdict', <Verdict key="verdict" verdict={pull.verdict} />],
    ['Decided by', `${ruleNames[pull.rule]} (${pull.rule})`],
    ['Policy version', pull.policy_version],
    ['Type of image', categoryNames[pull.category]],
    ['When', exactTime(pull.at)],
    ['Repository', <CopyableText key="repository" text={pull.repository} what="the repository" />],
    ['Tag', pull.tag],
    ['Digest', pull.digest && <CopyableText key="digest" text={pull.digest} what="the digest" />],
    ['Person', pull.person ?? 'Nobody was signed in'],
    ['Access token', pull.token_id],
    ['Address', pull.address],
    ['Client', pull.client],
    ['Asked for', `${pull.operation} (${pull.method})`],
    ['Served', pull.stale ? 'From the cache, because the registry did not answer' : null],
    ['Record', <CopyableText key="id" text={pull.id} what="the id of the record" />],
  ];
}
