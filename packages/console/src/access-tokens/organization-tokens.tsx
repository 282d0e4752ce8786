import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { Section } from '../components/section.tsx';
import { imageAccessQuery } from '../image-access/image-access-queries.ts';
import { CreateOrganizationToken } from './create-organization-token.tsx';
import { type Created, CreatedToken } from './created-token.tsx';
import { OrganizationTokenDetails } from './organization-token-details.tsx';
import type { TokenListProps } from './own-tokens.tsx';
import { RemoveToken } from './remove-token.tsx';
import { SearchedTokens } from './searched-tokens.tsx';
import { organizationTokensKey, organizationTokensQuery } from './token-queries.ts';
import type { TokenRow } from './token-row.ts';
import { useSwitchToken } from './use-token-changes.ts';

/** Organization access tokens, for automation: they belong to nobody in particular. */
export function OrganizationTokens({ org, search, onSearch, page, onPage, maximumDays }: TokenListProps) {
  const { data: all, error } = useQuery(organizationTokensQuery(org));
  const { data: imageAccess } = useQuery(imageAccessQuery(org));
  const [isCreating, setIsCreating] = useState(false);
  const [created, setCreated] = useState<Created>();
  const [shown, setShown] = useState<TokenRow>();
  const [removing, setRemoving] = useState<TokenRow>();
  const queryKey = organizationTokensKey(org);
  const switchToken = useSwitchToken(queryKey, (id, is_active) =>
    client.updateOrganizationToken({ params: { org, id }, body: { is_active } }),
  );
  const createButton = (
    <Button variant="contained" onClick={() => setIsCreating(true)}>
      Create organization access token
    </Button>
  );
  return (
    <Section
      title="Organization access tokens"
      lead={`For automation. They belong to nobody in particular: docker login takes ${org} as the user name.`}
      actions={all && all.count > 0 && createButton}
    >
      {imageAccess?.enabled && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          Image Access Management is on, so these tokens pull nothing: its rules are about people. Let automation sign
          in with a personal access token of a member. The API takes these tokens all the same.
        </Alert>
      )}
      {error && <ErrorMessage error={error} />}
      {all?.count === 0 && (
        <EmptyState title="There is no organization access token yet" action={createButton}>
          Create one for a build server or another machine.
        </EmptyState>
      )}
      {all && all.count > 0 && (
        <SearchedTokens
          label="Organization access tokens"
          searchLabel="Search label or description"
          all={all}
          search={search}
          onSearch={onSearch}
          page={page}
          onPage={onPage}
          aboutTitle="Description"
          maximumDays={maximumDays}
          onShow={setShown}
          onSwitch={switchToken}
          removeAction="Delete"
          onRemove={setRemoving}
        />
      )}
      {isCreating && (
        <CreateOrganizationToken
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
      {shown && <OrganizationTokenDetails org={org} token={shown} onClose={() => setShown(undefined)} />}
      {removing && (
        <RemoveToken
          token={removing}
          action="Delete"
          send={(id) => client.deleteOrganizationToken({ params: { org, id } })}
          queryKey={queryKey}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Section>
  );
}
