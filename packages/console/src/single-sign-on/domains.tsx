import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import type { DomainBody, SsoConnectionBody } from '@pullgate/contract';
import { type FormEvent, useState } from 'react';
import { client } from '../app/client.ts';
import { useAddressSearch } from '../components/address-search.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { Field } from '../components/form.tsx';
import { SearchedList } from '../components/searched-list.tsx';
import { DomainEntry } from './domain-entry.tsx';
import { useStep } from './single-sign-on-queries.ts';

interface DomainsProps {
  readonly org: string;
  readonly domains: readonly DomainBody[];
  readonly connections: readonly SsoConnectionBody[];
}

export function Domains({ org, domains, connections }: DomainsProps) {
  const search = useAddressSearch('domains');
  const userOf = ({ domain }: DomainBody) => connections.find(({ domains: used }) => used.includes(domain))?.name;
  return (
    <Stack spacing={2}>
      <AddDomain org={org} onAdded={() => search.onSearch('')} />
      {domains.length === 0 && (
        <EmptyState title="No domain yet">
          Add the domain of your people’s e-mail addresses. Then prove with a DNS record that it is yours.
        </EmptyState>
      )}
      {domains.length > 0 && (
        <SearchedList
          items={domains}
          one="domain"
          label="Search domains"
          textOf={(domain) => `${domain.domain} ${userOf(domain) ?? ''}`}
          {...search}
        >
          {(found) =>
            found.map((domain) => <DomainEntry key={domain.domain} org={org} domain={domain} usedBy={userOf(domain)} />)
          }
        </SearchedList>
      )}
    </Stack>
  );
}

interface AddDomainProps {
  readonly org: string;
  /** Shows it: a search might hide it. */
  readonly onAdded: () => void;
}

function AddDomain({ org, onAdded }: AddDomainProps) {
  const [domain, setDomain] = useState('');
  const add = useStep(org, {
    send: () => client.addDomain({ params: { org }, body: { domain: domain.trim() } }),
    told: (added) => `${added.domain} was added. Now publish its DNS record.`,
    onDone() {
      setDomain('');
      onAdded();
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (domain.trim() !== '' && !add.isPending) add.mutate(undefined);
  }

  return (
    <Stack spacing={1}>
      <Stack component="form" direction="row" onSubmit={submit} sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'start' }}>
        <Field
          size="small"
          label="Domain"
          placeholder="acme.example"
          value={domain}
          onChange={setDomain}
          error={add.error}
          field="domain"
          helperText="What stands behind the @ of e-mail addresses."
          sx={{ flex: '1 1 240px', maxWidth: 420 }}
          slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false, maxLength: 253 } }}
        />
        <Button type="submit" variant="outlined" loading={add.isPending} disabled={domain.trim() === ''}>
          Add domain
        </Button>
      </Stack>
      {add.error && <ErrorMessage error={add.error} />}
    </Stack>
  );
}
