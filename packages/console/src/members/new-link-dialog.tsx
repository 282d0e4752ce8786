import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { InviteBody } from '@pullgate/contract';
import { useId } from 'react';
import { CodeLine } from '../components/code-line.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { useNewLink } from './invitation-queries.ts';

interface NewLinkDialogProps {
  readonly org: string;
  readonly invite: InviteBody;
  readonly onClose: () => void;
}

/** Asks first, since the link of before ends; then shows the new one, this once. */
export function NewLinkDialog({ org, invite, onClose }: NewLinkDialogProps) {
  const link = useNewLink(org);
  const titleId = useId();
  return (
    <Dialog open onClose={link.data ? undefined : onClose} aria-labelledby={titleId} fullWidth maxWidth="sm">
      <DialogTitle id={titleId} sx={{ overflowWrap: 'anywhere' }}>
        New link for {invite.invitee}
      </DialogTitle>
      <DialogContent>
        <Stack spacing={2} aria-live="polite">
          {link.data ? (
            <>
              <Typography>Hand it over: it is shown only here, and whoever has it can join.</Typography>
              <CodeLine text={link.data} what="the link" />
            </>
          ) : (
            <Typography>The link that was made before stops working.</Typography>
          )}
          {link.error && <ErrorMessage error={link.error} />}
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{link.data ? 'Done' : 'Close'}</Button>
        {!link.data && (
          <Button variant="contained" loading={link.isPending} onClick={() => link.mutate(invite)}>
            Make a new link
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
