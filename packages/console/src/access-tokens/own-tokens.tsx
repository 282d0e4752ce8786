import Button from '@mui/material/Button';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { Section } from '../components/section.tsx';
import { CreateOwnToken } from './create-own-token.tsx';
import { type Created, CreatedToken } from './created-token.tsx';
import { RemoveToken } from './remove-token.tsx';
import { SearchedTokens } from './searched-tokens.tsx';
import { ownTokensKey, ownTokensQuery } from './token-queries.ts';
import type { TokenRow } from './token-row.ts';
import { useSwitchToken } from './use-token-changes.ts';

export interface TokenListProps {
  readonly org: string;
  /** Empty for all. */
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly page: number;
  readonly onPage: (page: number) => void;
  /** Of the organization's rules. */
  readonly maximumDays: number | null;
}

/** Personal access tokens of the viewer: the passwords of `docker login`. */
export function OwnTokens({ org, search, onSearch, page, onPage, maximumDays }: TokenListProps) {
  const { data: all, error } = useQuery(ownTokensQuery);
  const [isCreating, setIsCreating] = useState(false);
  const [created, setCreated] = useState<Created>();
  const [removing, setRemoving] = useState<TokenRow>();
  const switchToken = useSwitchToken(ownTokensKey, (uuid, is_active) =>
    client.updatePersonalToken({ params: { uuid }, body: { is_active } }),
  );
  const createButton = (
    <Button variant="contained" onClick={() => setIsCreating(true)}>
      Create access token
    </Button>
  );
  return (
    <Section
      title="Your personal access tokens"
      lead="They are the passwords of docker login, in all your organizations. Use one for each machine."
      actions={all && all.count > 0 && createButton}
    >
      {error && <ErrorMessage error={error} />}
      {all?.count === 0 && (
        <EmptyState title="You have no access token yet" action={createButton}>
          Create one to sign in with docker login.
        </EmptyState>
      )}
      {all && all.count > 0 && (
        <SearchedTokens
          label="Your personal access tokens"
          searchLabel="Search label"
          all={all}
          search={search}
          onSearch={onSearch}
          page={page}
          onPage={onPage}
          aboutTitle="Permissions"
          maximumDays={maximumDays}
          onSwitch={switchToken}
          removeAction="Delete"
          onRemove={setRemoving}
        />
      )}
      {isCreating && (
        <CreateOwnToken
          org={org}
          maximumDays={maximumDays}
          onCreated={(token) => {
            setIsCreating(false);
            setCreated(token);
          }}
          onClose={() => setIsCreating(false)}
        />
      )}
      {created && <CreatedToken created={created} onClose={() => setCreated(undefined)} />}
      {removing && (
        <RemoveToken
          token={removing}
          action="Delete"
          send={(uuid) => client.deletePersonalToken({ params: { uuid } })}
          queryKey={ownTokensKey}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Section>
  );
}
