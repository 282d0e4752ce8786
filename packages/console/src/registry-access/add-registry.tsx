import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { dockerHub } from '@pullgate/policy';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type CustomRegistry, maxRegistries, readRegistry } from './registries.ts';
import { knownRegistryQuery } from './registry-access-queries.ts';

interface AddRegistryProps {
  readonly org: string;
  /** Hosts that are on the list. */
  readonly listed: readonly string[];
  readonly onAdd: (registry: CustomRegistry) => void;
}

export function AddRegistry({ org, listed, onAdd }: AddRegistryProps) {
  const [address, setAddress] = useState('');
  const [name, setName] = useState('');
  const { host, problem } = check(address, listed);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (host === undefined) return;
    onAdd({ address: host, friendly_name: name.trim() || host, allowed: true });
    setAddress('');
    setName('');
  }

  return (
    <Stack
      component="form"
      direction="row"
      onSubmit={submit}
      sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'flex-start' }}
    >
      <TextField
        size="small"
        label="Registry"
        placeholder="ghcr.io"
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        error={problem !== undefined}
        helperText={
          problem ?? (host === undefined ? 'The host, with its port if it has one.' : <Found {...{ org, host }} />)
        }
        sx={{ flex: '2 1 240px' }}
        slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false, maxLength: 300 } }}
      />
      <TextField
        size="small"
        label="Name (optional)"
        placeholder="GitHub"
        value={name}
        onChange={(event) => setName(event.target.value)}
        helperText="How people here call it."
        sx={{ flex: '1 1 180px' }}
        slotProps={{ htmlInput: { maxLength: 100 } }}
      />
      <Button type="submit" variant="outlined" disabled={host === undefined}>
        Add
      </Button>
    </Stack>
  );
}

function check(text: string, listed: readonly string[]): { readonly host?: string; readonly problem?: string } {
  if (text.trim() === '') return {};
  const read = readRegistry(text);
  if ('problem' in read) return read;
  if (read.host === dockerHub) return { problem: 'Docker Hub has its own switch in the list.' };
  if (listed.includes(read.host)) return { problem: `${read.host} is on the list already.` };
  if (listed.length >= maxRegistries) return { problem: `The list is full: it holds ${maxRegistries} registries.` };
  return read;
}

/** What is meant, and whether a pull from there could work at all. */
function Found({ org, host }: { readonly org: string; readonly host: string }) {
  const { data: isKnown } = useQuery(knownRegistryQuery(org, host));
  if (isKnown === false) return `${host} · this gate does not pull from it yet`;
  return isKnown ? `${host} · this gate pulls from it` : host;
}
