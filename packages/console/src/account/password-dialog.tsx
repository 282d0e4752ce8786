import Dialog from '@mui/material/Dialog';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { Field, Form } from '../components/form.tsx';

interface PasswordDialogProps<Answer> {
  readonly title: string;
  readonly children: ReactNode;
  readonly action: string;
  readonly send: (password: string) => Promise<Answer>;
  readonly onDone: (answer: Answer) => void;
  readonly onClose: () => void;
}

/** Asks for the password once more, before something that a stolen session must not do. Rendered while it is open. */
export function PasswordDialog<Answer>(props: PasswordDialogProps<Answer>) {
  const { title, children, action, send, onDone, onClose } = props;
  const [password, setPassword] = useState('');
  const id = useId();
  const ask = useMutation({ mutationFn: () => send(password), onSuccess: onDone });
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth maxWidth="xs">
      <DialogTitle id={id}>{title}</DialogTitle>
      <DialogContent>
        <Stack spacing={2}>
          <Typography component="div">{children}</Typography>
          <Form mutation={ask} action={action}>
            <Field
              label="Password"
              type="password"
              value={password}
              onChange={setPassword}
              autoComplete="current-password"
              autoFocus
              required
            />
          </Form>
        </Stack>
      </DialogContent>
    </Dialog>
  );
}
