import Button from '@mui/material/Button';
import Container from '@mui/material/Container';
import Divider from '@mui/material/Divider';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { ErrorMessage } from '../components/error-message.tsx';
import { signInElsewhere, signInWithCode, signInWithPasskey, signInWithPassword } from './authentication.ts';

const start = '/console/';

/** Sign in with a password and a second factor, a passkey, or the single sign-on of an organization. */
export function SignInPage() {
  const { next = start } = useSearch({ from: '/console/sign-in' });
  const [needsCode, setNeedsCode] = useState(false);
  useEffect(() => {
    document.title = 'Sign in – Pullgate';
  }, []);
  // A whole new page: what it shows is asked for by whoever has signed in now.
  const enter = () => location.assign(next);
  return (
    <Container component="main" maxWidth="xs" sx={{ py: { xs: 4, sm: 10 } }}>
      <Paper sx={{ p: { xs: 3, sm: 4 } }}>
        <Typography variant="h1" sx={{ mb: 3 }}>
          {needsCode ? 'Second factor' : 'Sign in to Pullgate'}
        </Typography>
        {needsCode ? (
          <CodeForm onSignedIn={enter} />
        ) : (
          <Stack spacing={3}>
            <PasswordForm onSignedIn={enter} onCodeNeeded={() => setNeedsCode(true)} />
            <Divider>or</Divider>
            <OtherWays next={next} onSignedIn={enter} />
          </Stack>
        )}
      </Paper>
    </Container>
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
    <Form onSubmit={() => signIn.mutate()}>
      <TextField
        label="User name"
        value={username}
        onChange={(event) => setUsername(event.target.value)}
        autoComplete="username webauthn"
        autoFocus
        required
      />
      <TextField
        label="Password"
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="current-password"
        required
      />
      {signIn.error && <ErrorMessage error={signIn.error} />}
      <Button type="submit" variant="contained" loading={signIn.isPending}>
        Sign in
      </Button>
    </Form>
  );
}

function CodeForm({ onSignedIn }: FormProps) {
  const [code, setCode] = useState('');
  const verify = useMutation({ mutationFn: () => signInWithCode(code.trim()), onSuccess: onSignedIn });
  return (
    <Form onSubmit={() => verify.mutate()}>
      <TextField
        label="Code"
        helperText="Six digits of your authenticator app, or one of your backup codes."
        value={code}
        onChange={(event) => setCode(event.target.value)}
        autoComplete="one-time-code"
        autoFocus
        required
      />
      {verify.error && <ErrorMessage error={verify.error} />}
      <Button type="submit" variant="contained" loading={verify.isPending}>
        Continue
      </Button>
    </Form>
  );
}

function OtherWays({ next, onSignedIn }: FormProps & { readonly next: string }) {
  const [email, setEmail] = useState('');
  const passkey = useMutation({ mutationFn: signInWithPasskey, onSuccess: onSignedIn });
  const elsewhere = useMutation({ mutationFn: () => signInElsewhere(email.trim(), next) });
  const error = passkey.error ?? elsewhere.error;
  return (
    <Stack spacing={2}>
      <Button variant="outlined" onClick={() => passkey.mutate()} loading={passkey.isPending}>
        Use a passkey
      </Button>
      <Form onSubmit={() => elsewhere.mutate()}>
        <TextField
          label="E-mail address at work"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          autoComplete="email"
          required
        />
        <Button type="submit" variant="outlined" loading={elsewhere.isPending}>
          Single sign-on
        </Button>
      </Form>
      {error && <ErrorMessage error={error} />}
    </Stack>
  );
}

function Form({ onSubmit, children }: { readonly onSubmit: () => void; readonly children: React.ReactNode }) {
  function submit(event: FormEvent): void {
    event.preventDefault();
    onSubmit();
  }
  return (
    <Stack component="form" spacing={2} onSubmit={submit}>
      {children}
    </Stack>
  );
}
