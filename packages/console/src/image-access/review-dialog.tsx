import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ImageAccessBody, ImageAccessPolicyBody, ImageAccessPreviewBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { client } from '../app/client.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { useSavePolicy } from './image-access-queries.ts';

interface ReviewDialogProps {
  readonly org: string;
  readonly access: ImageAccessBody;
  readonly draft: ImageAccessPolicyBody;
  readonly onClose: () => void;
}

const shown = 5;

/** What the change would have meant for the pulls of the last 30 days, before it counts. */
export function ReviewDialog({ org, access, draft, onClose }: ReviewDialogProps) {
  const save = useSavePolicy(org, access);
  const preview = useQuery({
    queryKey: ['image-access', org, 'preview', draft],
    queryFn: ({ signal }) => client.previewImageAccess({ params: { org }, body: draft }, { signal }),
    gcTime: 0,
  });
  return (
    <Dialog open onClose={onClose} aria-labelledby="review-title" fullWidth maxWidth="sm">
      <DialogTitle id="review-title">Review the change</DialogTitle>
      <DialogContent>
        <Stack spacing={2}>
          {preview.isPending && <LinearProgress aria-label="Looking at recorded pulls" />}
          {preview.error && <ErrorMessage error={preview.error} onRetry={() => void preview.refetch()} />}
          {preview.data && <Preview preview={preview.data} />}
          {save.error && <ErrorMessage error={save.error} />}
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Back</Button>
        <Button variant="contained" onClick={() => save.mutate(draft, { onSuccess: onClose })} loading={save.isPending}>
          Save and put in force
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Preview({ preview }: { readonly preview: ImageAccessPreviewBody }) {
  const { requests, refused, allowed, not_judged } = preview;
  if (requests === 0) {
    return <Alert severity="info">No pulls were recorded in the last 30 days, so nothing can be foretold.</Alert>;
  }
  return (
    <>
      <Typography>Of {requests.toLocaleString()} requests in the last 30 days, this policy would have:</Typography>
      <Affected severity="warning" verb="refused" affected={refused} />
      <Affected severity="success" verb="newly allowed" affected={allowed} />
      {not_judged > 0 && (
        <Typography color="textSecondary">
          {not_judged.toLocaleString()} were not judged: their people or tokens are gone.
        </Typography>
      )}
    </>
  );
}

interface AffectedProps {
  readonly severity: 'warning' | 'success';
  readonly verb: string;
  readonly affected: ImageAccessPreviewBody['refused'];
}

function Affected({ severity, verb, affected }: AffectedProps) {
  const { requests, people, images, people_count, image_count } = affected;
  if (requests === 0) return <Alert severity="info">{`${verb[0]?.toUpperCase()}${verb.slice(1)} none.`}</Alert>;
  const names = people.slice(0, shown).map(({ username }) => username ?? 'nobody signed in');
  return (
    <Alert severity={severity}>
      <strong>
        {verb} {requests.toLocaleString()}
      </strong>{' '}
      requests for {image_count} images by {people_count} people: {names.join(', ')}
      {people_count > names.length && ' and others'}
      <ul>
        {images.slice(0, shown).map(({ repository, requests: count }) => (
          <li key={repository}>
            {repository} ({count.toLocaleString()})
          </li>
        ))}
      </ul>
    </Alert>
  );
}
