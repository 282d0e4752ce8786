import Alert from '@mui/material/Alert';
import Link from '@mui/material/Link';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { Link as RouterLink } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { takeSecret } from '../app/link-secret.ts';
import { setUpQuery } from '../app/queries.ts';
import { Field, Form } from '../components/form.tsx';
import { NarrowPage } from '../components/narrow-page.tsx';
import { requestNewPassword, setNewPassword } from '../sign-in/authentication.ts';

/** Asks for a letter; opened by the link of that letter, sets a new password. */
export function ResetPasswordPage() {
  const { data } = useSuspenseQuery(setUpQuery);
  const [token, setToken] = useState(takeSecret);
  // The link opened where this page is shown already loads nothing anew.
  useEffect(() => {
    const take = () => setToken(takeSecret());
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  return (
    <NarrowPage title="A new password">
      <Stack spacing={3}>
        {token !== undefined && <NewPassword token={token} onNewLetter={() => setToken(undefined)} />}
        {token === undefined && data.mail && <Letter />}
        {token === undefined && !data.mail && (
          <Alert severity="info">
            This gate sends no mail. Ask whoever runs it to set a new password on the command line.
          </Alert>
        )}
        <Link component={RouterLink} to="/console/sign-in" sx={{ alignSelf: 'center' }}>
          Sign in
        </Link>
      </Stack>
    </NarrowPage>
  );
}

function Letter() {
  const [email, setEmail] = useState('');
  const request = useMutation({ mutationFn: () => requestNewPassword(email.trim()) });
  if (request.isSuccess) {
    return (
      <Alert severity="success">
        If somebody here has the address {email.trim()}, a letter is on its way. Its link is good for an hour.
      </Alert>
    );
  }
  return (
    <Form mutation={request} action="Send me a link">
      <Typography color="textSecondary">
        We send a link to your e-mail address that lets you choose a new one.
      </Typography>
      <Field
        label="E-mail address"
        type="email"
        value={email}
        onChange={setEmail}
        autoComplete="email"
        autoFocus
        required
      />
    </Form>
  );
}

interface NewPasswordProps {
  readonly token: string;
  readonly onNewLetter: () => void;
}

function NewPassword({ token, onNewLetter }: NewPasswordProps) {
  const [password, setPassword] = useState('');
  const set = useMutation({ mutationFn: () => setNewPassword(token, password) });
  if (set.isSuccess) {
    return <Alert severity="success">Your password is set, and you are signed out everywhere. Sign in with it.</Alert>;
  }
  return (
    <Stack spacing={2}>
      <Form mutation={set} action="Set password">
        <Field
          label="New password"
          type="password"
          helperText="10 to 256 characters. All your sessions end; your access tokens and passkeys stay."
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          autoFocus
          required
        />
      </Form>
      {set.isError && (
        <Link component="button" type="button" onClick={onNewLetter} sx={{ alignSelf: 'center' }}>
          Ask for a new letter
        </Link>
      )}
    </Stack>
  );
}
