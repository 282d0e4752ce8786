import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { DomainBody, SsoConnectionBody } from '@pullgate/contract';
import { useState } from 'react';
import { useAddressSearch } from '../components/address-search.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { SearchedList } from '../components/searched-list.tsx';
import { ConnectionDialog } from './connection-dialog.tsx';
import { ConnectionEntry, protocolNames } from './connection-entry.tsx';

interface ConnectionsProps {
  readonly org: string;
  readonly domains: readonly DomainBody[];
  readonly connections: readonly SsoConnectionBody[];
}

export function Connections(props: ConnectionsProps) {
  const { connections, domains } = props;
  const search = useAddressSearch('providers');
  const [isConnecting, setIsConnecting] = useState(false);
  const [changing, setChanging] = useState<SsoConnectionBody>();
  const obstacle = obstacleTo(domains, connections);
  const connect = (
    <Stack sx={{ gap: 1, alignItems: connections.length === 0 ? 'center' : 'flex-start' }}>
      <Button variant="contained" disabled={obstacle !== undefined} onClick={() => setIsConnecting(true)}>
        Connect an identity provider
      </Button>
      {obstacle !== undefined && <Typography color="textSecondary">{obstacle}</Typography>}
    </Stack>
  );
  return (
    <Stack spacing={2}>
      {connections.length === 0 && (
        <EmptyState title="No identity provider is connected" action={connect}>
          People sign in with a password or a passkey. Connect your identity provider by OpenID Connect or SAML.
        </EmptyState>
      )}
      {connections.length > 0 && (
        <>
          <SearchedList
            items={connections}
            one="identity provider"
            label="Search identity providers"
            textOf={wordsOf}
            {...search}
          >
            {(found) =>
              found.map((connection) => (
                <ConnectionEntry
                  key={connection.id}
                  org={props.org}
                  connection={connection}
                  onChange={() => setChanging(connection)}
                />
              ))
            }
          </SearchedList>
          {connect}
        </>
      )}
      {isConnecting && <ConnectionDialog {...props} onClose={() => setIsConnecting(false)} />}
      {changing && <ConnectionDialog {...props} connection={changing} onClose={() => setChanging(undefined)} />}
    </Stack>
  );
}

/** What a connection is found by: itself, its people, and the groups and teams that it knows. */
function wordsOf({ name, protocol, oidc, saml, domains, group_mappings }: SsoConnectionBody): string {
  const provider = oidc?.issuer ?? saml?.entity_id ?? '';
  const groups = group_mappings.flatMap(({ group, team }) => [group, team]);
  return [name, protocolNames[protocol], provider, ...domains, ...groups].join(' ');
}

/** Why nothing can be connected now. */
function obstacleTo(domains: readonly DomainBody[], connections: readonly SsoConnectionBody[]): string | undefined {
  const taken = new Set(connections.flatMap((connection) => connection.domains));
  if (domains.some(({ domain, verified }) => verified && !taken.has(domain))) return undefined;
  return taken.size === 0
    ? 'Verify a domain first: a provider signs in people of verified domains.'
    : 'Every verified domain has its connection. Verify another domain first.';
}
