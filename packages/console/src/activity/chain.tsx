import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import { useMutation } from '@tanstack/react-query';
import { client } from '../app/client.ts';
import { CodeLine } from '../components/code-line.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { Section } from '../components/section.tsx';

type Verification = Awaited<ReturnType<typeof client.verifyActivity>>;

/** Computes the whole chain anew. It reads every row, so it is done when somebody asks. */
export function Chain() {
  const verify = useMutation({ mutationFn: () => client.verifyActivity() });
  return (
    <Section
      title="Is all of it still there?"
      lead="Computes the chain of the whole installation anew and finds the first row that was changed, added or taken out. For administrators."
      actions={
        <Button variant="outlined" onClick={() => verify.mutate()} loading={verify.isPending}>
          Verify the chain
        </Button>
      }
    >
      <Box aria-live="polite">
        {verify.error && <ErrorMessage error={verify.error} />}
        {verify.data && <Result result={verify.data} />}
      </Box>
    </Section>
  );
}

function Result({
  result: { intact, rows, removed_by_retention, head, broken_at, reason },
}: {
  readonly result: Verification;
}) {
  if (!intact) {
    return (
      <Alert severity="error">
        <AlertTitle>Row {broken_at} does not fit</AlertTitle>
        {reason} {rows.toLocaleString()} rows before it hold. Compare the others with a backup, or with what was
        delivered elsewhere.
      </Alert>
    );
  }
  return (
    <Stack spacing={1}>
      <Alert severity="success">
        <AlertTitle>All {rows.toLocaleString()} rows hold</AlertTitle>
        {removed_by_retention !== null &&
          removed_by_retention > 0 &&
          `${removed_by_retention.toLocaleString()} older ones were removed because their time was over. `}
        {head && 'Write the newest row down elsewhere: a later log without it was cut or rewritten.'}
      </Alert>
      {head && <CodeLine text={`${head.sequence}:${head.hash}`} what="number and hash of the newest row" />}
    </Stack>
  );
}
