import Alert from '@mui/material/Alert';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { InvitationBody } from '@pullgate/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, isSignedOut } from '../app/client.ts';
import { takeSecret } from '../app/link-secret.ts';
import { Loading } from '../app/loading.tsx';
import { callerQuery } from '../app/queries.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { Field, Form } from '../components/form.tsx';
import { NarrowPage } from '../components/narrow-page.tsx';
import { signInWithPassword } from '../sign-in/authentication.ts';

/** Join an organization by the link of an invitation, with the account one has or with a new one. */
export function InvitationPage() {
  const [token] = useState(takeSecret);
  if (token === undefined) {
    return (
      <NarrowPage title="Invitation">
        <Alert severity="info">Open the link of your invitation again: this address is only a part of it.</Alert>
      </NarrowPage>
    );
  }
  return <Invitation token={token} />;
}

function Invitation({ token }: { readonly token: string }) {
  const invitation = useQuery({
    queryKey: ['invitation'],
    queryFn: ({ signal }) => client.viewInvitation({ body: { token } }, { signal }),
  });
  const caller = useQuery({ ...callerQuery, retry: false });
  if (invitation.isPending || caller.isPending) return <Loading />;
  if (invitation.error) {
    return (
      <NarrowPage title="Invitation">
        <ErrorMessage error={invitation.error} />
      </NarrowPage>
    );
  }
  const { data } = invitation;
  return (
    <NarrowPage title={`Join ${data.org_full_name || data.org}`}>
      <Stack spacing={3}>
        <Typography>
          {data.inviter_username} invites {data.invitee} to join {data.org} as {data.role}.
        </Typography>
        <Accept
          token={token}
          invitation={data}
          caller={caller.data?.username}
          isSignedOut={isSignedOut(caller.error)}
        />
      </Stack>
    </NarrowPage>
  );
}

interface AcceptProps {
  readonly token: string;
  readonly invitation: InvitationBody;
  readonly caller: string | undefined;
  readonly isSignedOut: boolean;
}

function Accept({ token, invitation, caller, isSignedOut }: AcceptProps) {
  if (caller !== undefined) return <AcceptAsCaller token={token} caller={caller} />;
  if (invitation.username === null && isSignedOut) return <AcceptWithAccount token={token} />;
  return (
    <Alert severity="info">
      Sign in as {invitation.username ?? 'yourself'} in another tab, then open the link of the invitation again.
    </Alert>
  );
}

function AcceptAsCaller({ token, caller }: { readonly token: string; readonly caller: string }) {
  const accept = useMutation({
    mutationFn: () => client.acceptInvitation({ body: { token } }),
    onSuccess: ({ org }) => location.assign(`/console/o/${org}`),
  });
  return (
    <Form mutation={accept} action="Accept">
      <Typography color="textSecondary">You are signed in as {caller}.</Typography>
    </Form>
  );
}

function AcceptWithAccount({ token }: { readonly token: string }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const accept = useMutation({
    async mutationFn() {
      const accepted = await client.acceptInvitation({ body: { token, account: { username, password } } });
      await signInWithPassword(username, password);
      return accepted;
    },
    onSuccess: ({ org }) => location.assign(`/console/o/${org}`),
  });
  return (
    <Form mutation={accept} action="Create account and join">
      <Field
        label="User name"
        field="username"
        error={accept.error}
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
        field="password"
        error={accept.error}
        value={password}
        onChange={setPassword}
        helperText="10 to 256 characters."
        autoComplete="new-password"
        required
      />
    </Form>
  );
}
