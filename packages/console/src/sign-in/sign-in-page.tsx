import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import Stack from '@mui/material/Stack';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { ErrorMessage } from '../components/error-message.tsx';
import { Field, Form } from '../components/form.tsx';
import { NarrowPage } from '../components/narrow-page.tsx';
import { signInElsewhere, signInWithCode, signInWithPasskey, signInWithPassword } from './authentication.ts';

const start = '/console/';

/** Sign in with a password and a second factor, a passkey, or the single sign-on of an organization. */
export function SignInPage() {
  const { next = start } = useSearch({ from: '/console/sign-in' });
  const [needsCode, setNeedsCode] = useState(false);
  // A whole new page: what it shows is asked for by whoever has signed in now.
  const enter = () => location.assign(next);
  if (needsCode) {
    return (
      <NarrowPage title="Second factor">
        <CodeForm onSignedIn={enter} />
      </NarrowPage>
    );
  }
  return (
    <NarrowPage title="Sign in to Pullgate">
      <Stack spacing={3}>
        <PasswordForm onSignedIn={enter} onCodeNeeded={() => setNeedsCode(true)} />
        <Divider>or</Divider>
        <OtherWays next={next} onSignedIn={enter} />
      </Stack>
    </NarrowPage>
  );
}

interface FormProps {
  readonly onSignedIn: () => void;
}

function PasswordForm({ onSignedIn, onCodeNeeded }: FormProps & { readonly onCodeNeeded: () => void }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => signInWithPassword(username.trim(), password),
    onSuccess: (step) => (step === 'signed-in' ? onSignedIn() : onCodeNeeded()),
  });
  return (
    <Form mutation={signIn} action="Sign in">
      <Field label="User name" value={username} onChange={setUsername} autoComplete="username" autoFocus required />
      <Field
        label="Password"
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        required
      />
    </Form>
  );
}

function CodeForm({ onSignedIn }: FormProps) {
  const [code, setCode] = useState('');
  const verify = useMutation({ mutationFn: () => signInWithCode(code.trim()), onSuccess: onSignedIn });
  return (
    <Form mutation={verify} action="Continue">
      <Field
        label="Code"
        helperText="Six digits of your authenticator app, or one of your backup codes."
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        autoFocus
        required
      />
    </Form>
  );
}

function OtherWays({ next, onSignedIn }: FormProps & { readonly next: string }) {
  const [email, setEmail] = useState('');
  const passkey = useMutation({ mutationFn: signInWithPasskey, onSuccess: onSignedIn });
  const elsewhere = useMutation({ mutationFn: () => signInElsewhere(email.trim(), next) });
  return (
    <Stack spacing={2}>
      <Button variant="outlined" onClick={() => passkey.mutate()} loading={passkey.isPending}>
        Use a passkey
      </Button>
      {passkey.error && <ErrorMessage error={passkey.error} />}
      <Form mutation={elsewhere} action="Single sign-on" isQuiet>
        <Field
          label="E-mail address at work"
          type="email"
          value={email}
          onChange={setEmail}
          autoComplete="email"
          required
        />
      </Form>
    </Stack>
  );
}
