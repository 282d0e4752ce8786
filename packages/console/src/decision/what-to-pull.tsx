import Alert from '@mui/material/Alert';
import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { PullDecisionBody } from '@pullgate/contract';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { callerQuery } from '../app/queries.ts';
import { CodeLine } from '../components/code-line.tsx';
import { gateImage } from '../components/gate-image.ts';
import { Section } from '../components/section.tsx';
import { imageName } from '../pulls/image-name.ts';
import { insteadQuery } from './decision-queries.ts';

interface WhatToPullProps {
  readonly decision: PullDecisionBody;
  /** Of the organization that decided. */
  readonly isOwner: boolean;
}

/** What gets whoever was refused an image now. */
export function WhatToPull({ decision, isOwner }: WhatToPullProps) {
  const { data: caller } = useSuspenseQuery(callerQuery);
  const { org, rule, alternatives, person } = decision;
  // Owners may pull everything: what they look for is what the one who was refused may pull.
  const username = isOwner && person !== null ? person : caller.username;
  if (rule === 'sign-in-required' || rule === 'organization-token' || rule === 'token-scope') return <SignIn />;
  return (
    <Section title="What can be pulled instead">
      <Stack spacing={2}>
        <Typography>
          {org !== null &&
            alternatives.length > 0 &&
            `${org} allows images of these types: ${alternatives.join(', ')}.`}
          {org !== null && alternatives.length === 0 && `${org} allows no other type of image.`}
          {org === null && 'Images of the registries that this gate is set up for.'}
        </Typography>
        {org !== null && <Commands org={org} decision={decision} username={username} />}
      </Stack>
    </Section>
  );
}

interface CommandsProps {
  readonly org: string;
  readonly decision: PullDecisionBody;
  readonly username: string;
}

/** Commands for what is called alike. What cannot be found out is left out: the types above say the same in general. */
function Commands({ org, decision, username }: CommandsProps) {
  const { data, isPending } = useQuery(insteadQuery(org, decision, username));
  if (isPending) return <LinearProgress aria-label="Looking for images to pull instead" />;
  if (data === undefined) return null;
  return (
    <>
      {data.isAllowedNow && (
        <>
          <Alert severity="success">
            By the policy of {org} that is in force now, {username} may pull this image.
          </Alert>
          <Pull image={imageName(decision)} />
        </>
      )}
      {data.repositories.length > 0 && <Typography>Allowed, and called alike:</Typography>}
      {data.repositories.map((repository) => (
        <Pull key={repository} image={repository} />
      ))}
    </>
  );
}

function Pull({ image }: { readonly image: string }) {
  return <CodeLine text={`docker pull ${gateImage(image)}`} what={`the command that pulls ${image}`} />;
}

function SignIn() {
  return (
    <Section title="What to do">
      <Stack spacing={2}>
        <Typography>
          Sign in with your user name, and a personal access token as password. You make one on the page Access tokens.
        </Typography>
        <CodeLine text={`docker login ${location.host}`} what="the command that signs in" />
      </Stack>
    </Section>
  );
}
