import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { PullDecisionBody } from '@pullgate/contract';
import { CodeLine } from '../components/code-line.tsx';
import { LinkButton } from '../components/link-button.tsx';
import { Section } from '../components/section.tsx';
import { isAllowlistable } from './allowlistable.ts';

interface WhomToAskProps {
  readonly decision: PullDecisionBody;
  /** Of the organization that decided. */
  readonly isOwner: boolean;
}

/** Who can allow it, with what to write to them; for them, the way to do it. */
export function WhomToAsk({ decision, isOwner }: WhomToAskProps) {
  const { org, owners, repository } = decision;
  if (org === null) {
    return (
      <Section title="Whom to ask">
        <Typography>Whoever runs this gate.</Typography>
      </Section>
    );
  }
  if (isOwner) return <Allow decision={decision} org={org} />;
  const wish = `Please allow ${repository} in the image access of ${org}. The refused pull: ${location.origin}${location.pathname}`;
  return (
    <Section title="Whom to ask">
      <Stack spacing={2}>
        <Typography>
          {owners.length > 0 ? `Owners of ${org} decide: ${owners.join(', ')}.` : `${org} has no active owner.`}
        </Typography>
        <CodeLine text={wish} what="the message to an owner" />
      </Stack>
    </Section>
  );
}

function Allow({ decision, org }: { readonly decision: PullDecisionBody; readonly org: string }) {
  return (
    <Section title="Allow it" lead={`You are an owner of ${org}: you decide.`}>
      <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
        {isAllowlistable(decision) && (
          <LinkButton
            variant="contained"
            to="/console/o/$org/image-access"
            params={{ org }}
            search={{ allow: decision.repository }}
          >
            Allow this repository…
          </LinkButton>
        )}
        <LinkButton variant="outlined" to="/console/o/$org/image-access" params={{ org }}>
          Image access
        </LinkButton>
        <LinkButton variant="outlined" to="/console/o/$org/pulls" params={{ org }} search={{ pull: decision.id }}>
          The whole record
        </LinkButton>
      </Stack>
    </Section>
  );
}
