import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { ImageAccessCheckBody } from '@pullgate/contract';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, Fragment, useState } from 'react';
import { client } from '../app/client.ts';
import { callerQuery } from '../app/queries.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { categoryNames } from './category-names.ts';

interface CheckImageProps {
  readonly org: string;
  readonly isOwner: boolean;
}

/**
 * Tells what would come of a pull, and why. Owners ask for any member, and are told by the rules of their organization
 * alone: what others say of that member is not theirs to know.
 */
export function CheckImage({ org, isOwner }: CheckImageProps) {
  const { data: caller } = useSuspenseQuery(callerQuery);
  const [reference, setReference] = useState('');
  const [username, setUsername] = useState('');
  const check = useMutation({
    mutationFn: () => {
      const asked = username.trim();
      const query = { reference: reference.trim(), ...(asked !== '' && { username: asked }) };
      return client.checkImageAccess({ params: { org }, query });
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (reference.trim() !== '') check.mutate();
  }

  return (
    <>
      <Stack component="form" direction="row" onSubmit={submit} sx={{ gap: 1, flexWrap: 'wrap' }}>
        <TextField
          size="small"
          label="Image"
          placeholder="nginx:1.29"
          value={reference}
          onChange={(event) => setReference(event.target.value)}
          sx={{ flex: '2 1 220px' }}
          slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
        />
        {isOwner && (
          <TextField
            size="small"
            label="As member"
            placeholder="yourself"
            value={username}
            onChange={(event) => setUsername(event.target.value)}
            sx={{ flex: '1 1 160px' }}
          />
        )}
        <Button type="submit" variant="outlined" loading={check.isPending}>
          Check
        </Button>
      </Stack>
      <Box aria-live="polite" sx={{ '&:not(:empty)': { mt: 2 } }}>
        {check.error && <ErrorMessage error={check.error} />}
        {check.data && <Verdict check={check.data} only={check.data.username === caller.username ? undefined : org} />}
      </Box>
    </>
  );
}

interface VerdictProps {
  readonly check: ImageAccessCheckBody;
  /** The organization that was asked, when others of the person were not. */
  readonly only: string | undefined;
}

function Verdict({ check, only }: VerdictProps) {
  const isAllowed = check.verdict === 'allow';
  return (
    <Alert severity={isAllowed ? 'success' : 'error'} sx={{ '& .MuiAlert-message': { overflowWrap: 'anywhere' } }}>
      <AlertTitle>
        {only !== undefined && `By the rules of ${only}, `}
        {check.username} {isAllowed ? 'may pull' : 'may not pull'} {check.repository}
      </AlertTitle>
      {check.sentence} Type of image: {categoryNames[check.category]}.
      {only !== undefined && ` Other organizations of ${check.username} are not asked here.`}
      <Steps steps={check.steps} />
    </Alert>
  );
}

type Steps = ImageAccessCheckBody['steps'];

/** Everything that was asked. Where several organizations judged, each has a list of its own: none answers for another. */
function Steps({ steps }: { readonly steps: Steps }) {
  const ofEach = Map.groupBy(steps, ({ org }) => org);
  const judges = [...ofEach.keys()].filter((org) => org !== null);
  if (judges.length < 2) return <StepList steps={steps} />;
  return [...ofEach].map(([org, asked]) => (
    <Fragment key={org}>
      {org !== null && (
        <Typography variant="h3" sx={{ mt: 2 }}>
          {org}
        </Typography>
      )}
      <StepList steps={asked} />
    </Fragment>
  ));
}

function StepList({ steps }: { readonly steps: Steps }) {
  return (
    // There is room for numbers of two digits: the alert cuts off what stands out of it.
    <Box component="ol" sx={{ my: 1, pl: 4 }}>
      {steps.map(({ org, rule, sentence, won }) => (
        <Box component="li" key={`${org} ${rule}`} sx={{ fontWeight: won ? 600 : 400 }}>
          {sentence}
        </Box>
      ))}
    </Box>
  );
}
