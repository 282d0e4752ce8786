import DownloadIcon from '@mui/icons-material/Download';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { addressOf } from '../app/client.ts';
import { useMembership } from '../app/membership.ts';
import { Page } from '../components/page.tsx';
import { invitesQuery } from './invitation-queries.ts';
import { Invitations } from './invitations.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MemberList } from './member-list.tsx';
import type { MembersSearch } from './members-search.ts';

/** Who is in the organization, in which role, and who is invited. Owners change it, everybody else sees the members. */
export function MembersPage() {
  const { org, isOwner } = useMembership();
  const search = useSearch({ from: '/signed-in/console/o/$org/members' });
  const navigate = useNavigate({ from: '/console/o/$org/members' });
  const [isInviting, setIsInviting] = useState(false);
  const isShowingInvites = isOwner && search.show === 'invitations';

  function change(part: MembersSearch): void {
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  }

  return (
    <Page
      title="Members"
      lead={`Who belongs to ${org}, and in which role. ${isOwner ? '' : 'Owners of the organization change it.'}`}
      actions={
        isOwner && (
          <>
            <Button component="a" href={addressOf('exportMembers', { params: { org } })} startIcon={<DownloadIcon />}>
              Export as CSV
            </Button>
            <Button variant="contained" onClick={() => setIsInviting(true)}>
              Invite
            </Button>
          </>
        )
      }
    >
      {isOwner && (
        <MembersTabs
          org={org}
          shown={isShowingInvites ? 'invitations' : 'members'}
          onShow={(show) => void navigate({ search: show === 'invitations' ? { show } : {} })}
        />
      )}
      <Box
        {...(isOwner && { role: 'tabpanel', id: 'shown', 'aria-label': isShowingInvites ? 'Invitations' : 'Members' })}
      >
        {isShowingInvites ? (
          <Invitations org={org} search={search} onSearch={change} />
        ) : (
          <MemberList org={org} isOwner={isOwner} search={search} onSearch={change} />
        )}
      </Box>
      {isInviting && <InviteDialog org={org} onClose={() => setIsInviting(false)} />}
    </Page>
  );
}

interface MembersTabsProps {
  readonly org: string;
  readonly shown: 'members' | 'invitations';
  readonly onShow: (shown: 'members' | 'invitations') => void;
}

function MembersTabs({ org, shown, onShow }: MembersTabsProps) {
  const { data: invites } = useQuery(invitesQuery(org));
  const count = invites === undefined ? '' : ` (${invites.length.toLocaleString()})`;
  return (
    <Tabs value={shown} onChange={(_, next: MembersTabsProps['shown']) => onShow(next)} aria-label="What is shown">
      <Tab value="members" label="Members" aria-controls="shown" />
      <Tab value="invitations" label={`Invitations${count}`} aria-controls="shown" />
    </Tabs>
  );
}
