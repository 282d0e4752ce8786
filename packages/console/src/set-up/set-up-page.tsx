import Alert from '@mui/material/Alert';
import Link from '@mui/material/Link';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { takeSecret } from '../app/link-secret.ts';
import { setUpQuery } from '../app/queries.ts';
import { Field, Form } from '../components/form.tsx';
import { NarrowPage } from '../components/narrow-page.tsx';
import { signInWithPassword } from '../sign-in/authentication.ts';

/** The first organization and its owner, made by whoever has the link that the gate printed. */
export function SetUpPage() {
  const { data } = useSuspenseQuery(setUpQuery);
  const [secret] = useState(takeSecret);
  if (!data.needed) {
    return (
      <NarrowPage title="Pullgate is set up">
        <Typography>
          There is an organization already. <Link href="/console/sign-in">Sign in</Link>, or ask an owner for an
          invitation.
        </Typography>
      </NarrowPage>
    );
  }
  return (
    <NarrowPage title="Set up Pullgate">
      {secret === undefined ? (
        <Alert severity="info">
          Open the link that the gate printed when it started. It is good for one day; starting the gate again prints a
          new one.
        </Alert>
      ) : (
        <SetUpForm secret={secret} />
      )}
    </NarrowPage>
  );
}

function SetUpForm({ secret }: { readonly secret: string }) {
  const [orgname, setOrgname] = useState('');
  const [username, setUsername] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const setUp = useMutation({
    async mutationFn() {
      const body = { token: secret, orgname, username, email, password };
      await client.setUp({ body });
      await signInWithPassword(username, password);
    },
    onSuccess: () => location.assign('/console/'),
  });
  const { error } = setUp;
  return (
    <Stack spacing={2}>
      <Typography color="textSecondary">
        This makes the first organization, and you its owner. Both names are what people type in commands.
      </Typography>
      <Form mutation={setUp} action="Create">
        <Field
          label="Organization"
          field="orgname"
          error={error}
          value={orgname}
          onChange={setOrgname}
          helperText="Lower-case letters and digits, with hyphens or underscores between them."
          autoFocus
          required
          slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
        />
        <Field
          label="Your user name"
          field="username"
          error={error}
          value={username}
          onChange={setUsername}
          autoComplete="username"
          required
          slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
        />
        <Field
          label="Your e-mail address"
          type="email"
          field="email"
          error={error}
          value={email}
          onChange={setEmail}
          autoComplete="email"
          required
        />
        <Field
          label="Password"
          type="password"
          field="password"
          error={error}
          value={password}
          onChange={setPassword}
          helperText="10 to 256 characters."
          autoComplete="new-password"
          required
        />
      </Form>
    </Stack>
  );
}
