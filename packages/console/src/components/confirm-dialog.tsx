import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { ErrorMessage } from './error-message.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  /** What will happen, and to whom. */
  readonly children: ReactNode;
  /** Has to be typed: what is done cannot be undone. Absent for what can. */
  readonly name?: string;
  readonly action: string;
  readonly isRunning: boolean;
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something dangerous. Rendered while it is open. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, name, action, isRunning, error, onConfirm, onClose } = props;
  const [typed, setTyped] = useState('');
  const titleId = useId();
  const isConfirmed = name === undefined || typed.trim() === name;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isConfirmed && !isRunning) onConfirm();
  }

  return (
    <Dialog open onClose={onClose} aria-labelledby={titleId} fullWidth maxWidth="sm">
      <form onSubmit={submit}>
        <DialogTitle id={titleId}>{title}</DialogTitle>
        <DialogContent>
          <Stack spacing={2}>
            <Typography component="div">{children}</Typography>
            {name !== undefined && (
              <TextField
                label={`Type ${name} to confirm`}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoFocus
                autoComplete="off"
                fullWidth
              />
            )}
            {error !== null && error !== undefined && <ErrorMessage error={error} />}
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" color="error" variant="contained" disabled={!isConfirmed} loading={isRunning}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
