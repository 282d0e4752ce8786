import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { CodeLine } from '../components/code-line.tsx';
import { Field, Form } from '../components/form.tsx';
import { postSignIn } from '../sign-in/sign-in-routes.ts';
import { QrCode } from './qr-code.tsx';

interface AppDialogProps {
  /** `otpauth://…`, which carries the secret. */
  readonly uri: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Hands the secret to an app, and switches the second factor on once the app shows the right code. */
export function AppDialog({ uri, onDone, onClose }: AppDialogProps) {
  const [code, setCode] = useState('');
  const id = useId();
  const verify = useMutation({
    mutationFn: () => postSignIn('/two-factor/verify-totp', { code: code.replaceAll(' ', '') }),
    onSuccess: onDone,
  });
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  return (
    <Dialog open aria-labelledby={id} fullWidth maxWidth="xs">
      <DialogTitle id={id}>Add Pullgate to your app</DialogTitle>
      <DialogContent>
        <Stack spacing={2}>
          <Typography>Scan this with the authenticator app, or enter the key there by hand.</Typography>
          <QrCode text={uri} label="QR code with the key for the authenticator app" />
          <CodeLine text={secret} what="the key" />
          <Form mutation={verify} action="Switch on">
            <Field
              label="Code that the app shows"
              value={code}
              onChange={setCode}
              autoComplete="one-time-code"
              required
              slotProps={{ htmlInput: { inputMode: 'numeric' } }}
            />
          </Form>
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
      </DialogActions>
    </Dialog>
  );
}
