import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { CodeLine } from '../components/code-line.tsx';
import { hostQuery } from './token-queries.ts';

export interface Created {
  readonly label: string;
  readonly token: string;
  /** User name for `docker login`. */
  readonly loginName: string;
}

/** The one time that a token is shown. It closes with its button only: a click beside it would lose the token. */
export function CreatedToken({ created, onClose }: { readonly created: Created; readonly onClose: () => void }) {
  const { data: host } = useSuspenseQuery(hostQuery);
  const id = useId();
  return (
    <Dialog open aria-labelledby={id} fullWidth maxWidth="sm">
      <DialogTitle id={id}>{created.label} is created</DialogTitle>
      <DialogContent>
        <Stack spacing={2}>
          <Alert severity="warning">Copy the token now. It is not shown again.</Alert>
          <CodeLine text={created.token} what="the token" />
          <Typography>To use it, run this and paste the token when it asks for the password:</Typography>
          <CodeLine text={`docker login -u ${created.loginName} ${host}`} what="the command" />
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          I have copied the token
        </Button>
      </DialogActions>
    </Dialog>
  );
}
