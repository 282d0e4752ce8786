import Box from '@mui/material/Box';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import Typography from '@mui/material/Typography';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useMembership } from '../app/membership.ts';
import { Page } from '../components/page.tsx';
import { parseAccessTokensSearch, type Tab as TabName } from './access-tokens-search.ts';
import { MemberTokens } from './member-tokens.tsx';
import { OrganizationTokens } from './organization-tokens.tsx';
import { OwnTokens } from './own-tokens.tsx';
import { tokenRulesQuery } from './token-queries.ts';
import { TokenRules } from './token-rules.tsx';

const from = '/signed-in/console/o/$org/access-tokens';

/** What machines sign in with: one's own tokens, and for owners all that open the organization's images. */
export function AccessTokensPage() {
  const { org, isOwner } = useMembership();
  const { tab = 'mine' } = useSearch({ from });
  const { data: rules } = useSuspenseQuery(tokenRulesQuery(org));
  return (
    <Page
      title="Access tokens"
      lead="What docker login takes as a password. A token can be limited, switched off and replaced without your password."
    >
      {isOwner && <TokenTabs tab={tab} />}
      {!isOwner && rules.maximum_days !== null && (
        <Typography color="textSecondary">
          {org} lets tokens live for {rules.maximum_days} days. Owners of the organization change that.
        </Typography>
      )}
      <Box {...(isOwner && { role: 'tabpanel', id: panelId, 'aria-labelledby': tabId(tab) })}>
        {tab === 'rules' && isOwner ? (
          // What is in force starts the form anew.
          <TokenRules key={JSON.stringify(rules)} org={org} rules={rules} />
        ) : (
          <Tokens tab={tab} maximumDays={rules.maximum_days} />
        )}
      </Box>
    </Page>
  );
}

const titles: Readonly<Record<TabName, string>> = {
  mine: 'Mine',
  organization: 'Organization',
  members: 'Members',
  rules: 'Rules',
};

const panelId = 'access-tokens-panel';
const tabId = (name: TabName): string => `access-tokens-${name}`;

function TokenTabs({ tab }: { readonly tab: TabName }) {
  const navigate = useNavigate({ from: '/console/o/$org/access-tokens' });
  const open = (name: TabName) => void navigate({ search: parseAccessTokensSearch({ tab: name }) });
  return (
    <Tabs
      value={tab}
      onChange={(_, name: TabName) => open(name)}
      variant="scrollable"
      aria-label="Whose tokens"
      // All four fit on a phone.
      sx={{ '& .MuiTab-root': { minWidth: 0, px: { xs: 1.25, sm: 2 } } }}
    >
      {(Object.keys(titles) as TabName[]).map((name) => (
        <Tab key={name} id={tabId(name)} value={name} label={titles[name]} aria-controls={panelId} />
      ))}
    </Tabs>
  );
}

function Tokens({ tab, maximumDays }: { readonly tab: TabName; readonly maximumDays: number | null }) {
  const { org } = useMembership();
  const { search = '', page = 1 } = useSearch({ from });
  const navigate = useNavigate({ from: '/console/o/$org/access-tokens' });
  // What is typed is no step to go back to, and the list that it narrows stays in view.
  const onSearch = useCallback(
    (text: string) =>
      void navigate({ search: (known) => ({ ...known, search: text, page: 1 }), replace: true, resetScroll: false }),
    [navigate],
  );
  const onPage = (next: number) => void navigate({ search: (known) => ({ ...known, page: next }) });
  const list = { org, search, onSearch, page, maximumDays, onPage };
  switch (tab) {
    case 'organization':
      return <OrganizationTokens {...list} />;
    case 'members':
      return <MemberTokens {...list} />;
    default:
      return <OwnTokens {...list} />;
  }
}
