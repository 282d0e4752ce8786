import Link from '@mui/material/Link';
import Stack from '@mui/material/Stack';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Field, Form } from '../components/form.tsx';
import { signInWithCode } from './authentication.ts';

interface CodeFormProps {
  readonly onSignedIn: () => void;
  /** Back to the password. */
  readonly onBack: () => void;
}

/** The second step of a sign-in. */
export function CodeForm({ onSignedIn, onBack }: CodeFormProps) {
  const [code, setCode] = useState('');
  const verify = useMutation({ mutationFn: () => signInWithCode(code.trim()), onSuccess: onSignedIn });
  return (
    <Stack spacing={2}>
      <Form mutation={verify} action="Continue">
        <Field
          label="Code"
          helperText="Six digits of your authenticator app, or one of your backup codes."
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          autoFocus
          required
          slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
        />
      </Form>
      <Link component="button" type="button" onClick={onBack} sx={{ alignSelf: 'center' }}>
        Sign in as somebody else
      </Link>
    </Stack>
  );
}
