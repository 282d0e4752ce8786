import Box from '@mui/material/Box';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { SearchField } from '../components/search-field.tsx';
import { Section } from '../components/section.tsx';
import type { TokenListProps } from './own-tokens.tsx';
import { RemoveToken } from './remove-token.tsx';
import { memberTokensKey, memberTokensQuery } from './token-queries.ts';
import type { TokenRow } from './token-row.ts';
import { TokenTable } from './token-table.tsx';

/** Personal access tokens with which members can pull. Owners revoke those that they do not trust. */
export function MemberTokens({ org, search, onSearch, page, onPage, maximumDays }: TokenListProps) {
  const { data: tokens, error } = useQuery(memberTokensQuery(org, search, page));
  const [removing, setRemoving] = useState<TokenRow>();
  return (
    <Section
      title="Tokens of members"
      lead="Personal access tokens with which members can pull. Only their label and use are seen here, never the token."
    >
      <Box sx={{ display: 'flex', mb: 2 }}>
        <SearchField label="Search member or label" value={search} onSearch={onSearch} />
      </Box>
      {error && <ErrorMessage error={error} />}
      {tokens?.count === 0 && (
        <EmptyState title={search === '' ? 'No member has an access token' : 'No token is found'}>
          {search === '' ? 'Each member creates their own, under “Mine”.' : 'Search for another name or label.'}
        </EmptyState>
      )}
      {tokens && tokens.count > 0 && (
        <TokenTable
          label="Tokens of members"
          tokens={tokens}
          page={page}
          onPage={onPage}
          aboutTitle="Permissions"
          maximumDays={maximumDays}
          removeAction="Revoke"
          onRemove={setRemoving}
        />
      )}
      {removing && (
        <RemoveToken
          token={removing}
          action="Revoke"
          send={(id) => client.revokeMemberToken({ params: { org, id } })}
          queryKey={memberTokensKey(org)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Section>
  );
}
