import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import type { ImageAccessBody, ImageAccessPolicyBody } from '@pullgate/contract';
import { ErrorMessage } from '../components/error-message.tsx';
import { useSavePolicy } from './image-access-queries.ts';
import { Preview } from './preview.tsx';

interface ReviewDialogProps {
  readonly org: string;
  /** What the draft was made from. */
  readonly base: ImageAccessBody;
  readonly draft: ImageAccessPolicyBody;
  readonly onSaved: (saved: ImageAccessBody) => void;
  readonly onClose: () => void;
}

/** What the change would have meant, before it counts. */
export function ReviewDialog({ org, base, draft, onSaved, onClose }: ReviewDialogProps) {
  const save = useSavePolicy(org, base);

  function finish(saved: ImageAccessBody): void {
    onSaved(saved);
    onClose();
  }

  return (
    <Dialog open onClose={onClose} aria-labelledby="review-title" fullWidth maxWidth="sm">
      <DialogTitle id="review-title">Review the change</DialogTitle>
      <DialogContent>
        <Stack spacing={2}>
          <Preview org={org} policy={draft} />
          {save.error && <ErrorMessage error={save.error} />}
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Back</Button>
        <Button variant="contained" onClick={() => save.mutate(draft, { onSuccess: finish })} loading={save.isPending}>
          Save and put in force
        </Button>
      </DialogActions>
    </Dialog>
  );
}
