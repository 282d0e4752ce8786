import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import Link from '@mui/material/Link';
import Stack from '@mui/material/Stack';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link as RouterLink, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { setUpQuery } from '../app/queries.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { Field, Form } from '../components/form.tsx';
import { NarrowPage } from '../components/narrow-page.tsx';
import { signInElsewhere, signInWithPassword } from './authentication.ts';
import { CodeForm } from './code-form.tsx';
import { canUsePasskeys, signInWithPasskey } from './passkeys.ts';
import { parseSignInSearch, sentenceOf } from './sign-in-search.ts';

const start = '/console/';

/** Sign in with a password and a second factor, a passkey, or the single sign-on of an organization. */
export function SignInPage() {
  // Parsed here again: the router hands on what the address says of a key that the parser has left out.
  const { next = start, error } = parseSignInSearch(useSearch({ from: '/console/sign-in' }));
  const [needsCode, setNeedsCode] = useState(false);
  const { data: installation } = useQuery(setUpQuery);
  // A whole new page: what it shows is asked for by whoever has signed in now.
  const enter = () => location.assign(next);
  if (needsCode) {
    return (
      <NarrowPage title="Second factor">
        <CodeForm onSignedIn={enter} onBack={() => setNeedsCode(false)} />
      </NarrowPage>
    );
  }
  return (
    <NarrowPage title="Sign in to Pullgate">
      <Stack spacing={3}>
        {error !== undefined && <Alert severity="error">{sentenceOf(error)}</Alert>}
        {installation?.needed && (
          <Alert severity="info">
            Nobody can sign in yet: this installation is not set up. Open the link that the gate printed when it
            started.
          </Alert>
        )}
        <Stack spacing={1.5}>
          <PasswordForm onSignedIn={enter} onCodeNeeded={() => setNeedsCode(true)} />
          {installation?.mail && (
            <Link component={RouterLink} to="/console/reset-password" sx={{ alignSelf: 'center' }}>
              Forgot password?
            </Link>
          )}
        </Stack>
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
      <Field
        label="User name or e-mail address"
        value={username}
        onChange={setUsername}
        autoComplete="username"
        autoFocus
        required
        slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
      />
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

function OtherWays({ next, onSignedIn }: FormProps & { readonly next: string }) {
  const [email, setEmail] = useState('');
  const passkey = useMutation({ mutationFn: signInWithPasskey, onSuccess: onSignedIn });
  const elsewhere = useMutation({ mutationFn: () => signInElsewhere(email.trim(), next) });
  return (
    <Stack spacing={2}>
      {canUsePasskeys() && (
        <Button variant="outlined" onClick={() => passkey.mutate()} loading={passkey.isPending}>
          Use a passkey
        </Button>
      )}
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
