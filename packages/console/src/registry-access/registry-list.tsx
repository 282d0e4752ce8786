import Alert from '@mui/material/Alert';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { RegistryAccessBody } from '@pullgate/contract';
import { dockerHub } from '@pullgate/policy';
import { useQueries } from '@tanstack/react-query';
import { useAddressSearch } from '../components/address-search.ts';
import { CodeLine } from '../components/code-line.tsx';
import { SearchedList } from '../components/searched-list.tsx';
import { AddRegistry } from './add-registry.tsx';
import { allowHub, type CustomRegistry, hostOf, isHubAllowed, put, remove } from './registries.ts';
import { knownRegistryQuery, useRegistryAccessChange } from './registry-access-queries.ts';
import { type ListedRegistry, RegistryTable } from './registry-table.tsx';

interface RegistryListProps {
  readonly org: string;
  readonly access: RegistryAccessBody;
  readonly isOwner: boolean;
}

/** Docker Hub and the registries that owners wrote down, each with whether members may pull from it. */
export function RegistryList({ org, access, isOwner }: RegistryListProps) {
  const search = useAddressSearch('search');
  const registries = useRegistries(org, access);
  const unknown = registries.filter(({ isKnown, isAllowed }) => isKnown === false && isAllowed);
  const addToList = useAdding(org);

  function add(registry: CustomRegistry): void {
    addToList(registry);
    // A search might hide it.
    search.onSearch('');
  }

  return (
    <Stack spacing={2}>
      {isOwner && <AddRegistry org={org} listed={access.custom_registries.map(hostOf)} onAdd={add} />}
      <SearchedList
        items={registries}
        one="registry"
        many="registries"
        label="Search registries"
        textOf={({ host, name }) => `${host} ${name}`}
        {...search}
      >
        {(found) => <RegistryTable registries={found} isReadOnly={!isOwner} />}
      </SearchedList>
      {isOwner && unknown.length > 0 && <MissingConfiguration hosts={unknown.map(({ host }) => host)} />}
    </Stack>
  );
}

function useRegistries(org: string, access: RegistryAccessBody): readonly ListedRegistry[] {
  const change = useRegistryAccessChange(org);
  const hosts = [dockerHub, ...access.custom_registries.map(hostOf)];
  const known = useQueries({ queries: hosts.map((host) => knownRegistryQuery(org, host)) });
  const knownAt = (index: number) => known[index]?.data;
  const hub: ListedRegistry = {
    host: dockerHub,
    name: 'Docker Hub',
    isAllowed: isHubAllowed(access),
    isKnown: knownAt(0),
    onAllow: (allowed) =>
      change.mutate({ edit: allowHub(allowed), undo: allowHub(!allowed), told: verdict('Docker Hub', allowed) }),
  };
  const custom = access.custom_registries.map((registry, index): ListedRegistry => {
    const host = hostOf(registry);
    return {
      host,
      name: registry.friendly_name,
      isAllowed: registry.allowed,
      isKnown: knownAt(index + 1),
      onAllow: (allowed) =>
        change.mutate({ edit: put({ ...registry, allowed }), undo: put(registry), told: verdict(host, allowed) }),
      onRemove: () =>
        change.mutate({ edit: remove(host), undo: put(registry), told: `${host} is no longer on the list.` }),
    };
  });
  return [hub, ...custom];
}

function useAdding(org: string): (registry: CustomRegistry) => void {
  const change = useRegistryAccessChange(org);
  return (registry) => {
    const host = hostOf(registry);
    change.mutate({ edit: put(registry), undo: remove(host), told: `${host} is on the list.` });
  };
}

const verdict = (host: string, isAllowed: boolean) => `${host} is ${isAllowed ? 'allowed' : 'refused'} on the list.`;

/** What is missing before anybody can pull from there. */
function MissingConfiguration({ hosts }: { readonly hosts: readonly string[] }) {
  return (
    <Alert severity="warning" sx={{ '& .MuiAlert-message': { flex: 1, minWidth: 0 } }}>
      <Typography sx={{ mb: 1, overflowWrap: 'anywhere' }}>
        This gate does not pull from {hosts.join(', ')} yet, so nobody can. Who runs the gate adds this to its
        configuration file and starts it again:
      </Typography>
      <CodeLine text={configurationOf(hosts)} what="the configuration" />
    </Alert>
  );
}

/** YAML. Only an IPv6 address has to be quoted: its bracket would begin a list. */
function configurationOf(hosts: readonly string[]): string {
  return ['upstreams:', ...hosts.map((host) => `  ${host.startsWith('[') ? JSON.stringify(host) : host}:`)].join('\n');
}
