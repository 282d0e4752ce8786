import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { SsoConnectionBody } from '@pullgate/contract';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { SearchedList } from '../components/searched-list.tsx';
import { Time } from '../components/time.tsx';
import { Addresses } from './addresses.tsx';
import { Scim } from './scim.tsx';
import { useStep } from './single-sign-on-queries.ts';

export const protocolNames = { oidc: 'OpenID Connect', saml: 'SAML 2.0' } as const;

interface ConnectionEntryProps {
  readonly org: string;
  readonly connection: SsoConnectionBody;
  readonly onChange: () => void;
}

/** One identity provider: who signs in with it, what it has to be told, and provisioning. */
export function ConnectionEntry({ org, connection, onChange }: ConnectionEntryProps) {
  const [isDeleting, setIsDeleting] = useState(false);
  const { name, protocol, enforced } = connection;
  return (
    <Paper component="article" aria-label={name} sx={{ p: 2 }}>
      <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        <Typography variant="h3" sx={{ overflowWrap: 'anywhere' }}>
          {name}
        </Typography>
        <Chip size="small" variant="outlined" label={protocolNames[protocol]} />
        {enforced && <Chip size="small" variant="outlined" color="primary" label="Enforced" />}
        <Box sx={{ flex: 1 }} />
        <Button size="small" onClick={onChange} aria-label={`Change ${name}`}>
          Change
        </Button>
        <Button size="small" color="error" onClick={() => setIsDeleting(true)} aria-label={`Delete ${name}`}>
          Delete
        </Button>
      </Stack>
      <Rules connection={connection} />
      <Groups mappings={connection.group_mappings} />
      <Addresses connection={connection} />
      <Scim org={org} connection={connection} />
      {isDeleting && <DeleteConnection org={org} connection={connection} onClose={() => setIsDeleting(false)} />}
    </Paper>
  );
}

function Rules({ connection }: { readonly connection: SsoConnectionBody }) {
  const { domains, create_members, default_role, created_at, oidc, saml } = connection;
  return (
    <Box component="ul" sx={{ my: 1, pl: 2.5, overflowWrap: 'anywhere' }}>
      <li>Provider: {oidc?.issuer ?? saml?.entity_id}</li>
      <li>People of {domains.join(', ')} sign in here.</li>
      <li>
        {create_members
          ? `Whoever signs in for the first time becomes ${article(default_role)}.`
          : 'Only who is a member already signs in.'}
      </li>
      <li>
        Connected <Time value={created_at} />.
      </li>
    </Box>
  );
}

type GroupMapping = SsoConnectionBody['group_mappings'][number];

function Groups({ mappings }: { readonly mappings: readonly GroupMapping[] }) {
  const [search, setSearch] = useState('');
  if (mappings.length === 0) return null;
  return (
    <Box sx={{ mb: 1 }}>
      <SearchedList
        items={mappings}
        one="mapping"
        label="Search groups and teams"
        textOf={({ group, team }) => `${group} ${team}`}
        search={search}
        onSearch={setSearch}
      >
        {(found) => (
          <Box component="ul" sx={{ my: 0, pl: 2.5, overflowWrap: 'anywhere' }}>
            {found.map(({ group, team }) => (
              <li key={`${group} ${team}`}>
                Members of the group {group} are in the team {team}.
              </li>
            ))}
          </Box>
        )}
      </SearchedList>
    </Box>
  );
}

function article(role: SsoConnectionBody['default_role']): string {
  return role === 'member' ? 'a member' : `an ${role}`;
}

interface DeleteConnectionProps {
  readonly org: string;
  readonly connection: SsoConnectionBody;
  readonly onClose: () => void;
}

function DeleteConnection({ org, connection: { id, name, domains, scim }, onClose }: DeleteConnectionProps) {
  const remove = useStep(org, {
    send: () => client.deleteConnection({ params: { org, id } }),
    told: () => `${name} was deleted.`,
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      name={name}
      action="Delete"
      isRunning={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      People of {domains.join(', ')} can no longer sign in with it: who has no password asks for one.
      {scim.enabled && ' Its SCIM token stops working at once.'} A new connection has other addresses.
    </ConfirmDialog>
  );
}
