import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { InviteBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loading } from '../app/loading.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { itemsOfPage, pageForAddress, pageWithin } from '../components/page-number.ts';
import { Pages } from '../components/pages.tsx';
import { SearchedList } from '../components/searched-list.tsx';
import { Time } from '../components/time.tsx';
import { CancelInvitation } from './cancel-invitation.tsx';
import { invitesQuery, mailQuery, useResend } from './invitation-queries.ts';
import { pageSize, roleOf, shownRole } from './member-queries.ts';
import type { MembersSearch } from './members-search.ts';
import { NewLinkDialog } from './new-link-dialog.tsx';

interface InvitationsProps {
  readonly org: string;
  readonly search: MembersSearch;
  readonly onSearch: (change: MembersSearch) => void;
}

/** Who was invited and has not accepted yet. */
export function Invitations({ org, search, onSearch }: InvitationsProps) {
  const { data: invites, error, refetch } = useQuery(invitesQuery(org));
  if (error) return <ErrorMessage error={error} onRetry={() => void refetch()} />;
  if (invites === undefined) return <Loading />;
  if (invites.length === 0) {
    return (
      <EmptyState title="Nobody is invited">
        Invite people by e-mail address or user name. Until they accept, they are listed here.
      </EmptyState>
    );
  }
  return (
    <SearchedList
      items={invites}
      one="invitation"
      label="Search invitations"
      textOf={({ invitee }) => invitee}
      search={search.search ?? ''}
      onSearch={(text) => onSearch({ search: text || undefined, page: undefined })}
    >
      {(found) => {
        const page = pageWithin(search.page ?? 1, found.length, pageSize);
        return (
          <>
            <InvitationTable org={org} invites={itemsOfPage(found, page, pageSize)} />
            <Pages
              label="Invitations"
              page={page}
              pageSize={pageSize}
              count={found.length}
              onPage={(next) => onSearch({ page: pageForAddress(next) })}
            />
          </>
        );
      }}
    </SearchedList>
  );
}

/** What narrow screens leave out, for the actions to be in reach. */
const fromSmall = { display: { xs: 'none', sm: 'table-cell' } };
const fromMedium = { display: { xs: 'none', md: 'table-cell' } };

function InvitationTable({ org, invites }: { readonly org: string; readonly invites: readonly InviteBody[] }) {
  const { data: isMailed = false } = useQuery(mailQuery);
  const resend = useResend(org);
  const [relinked, setRelinked] = useState<InviteBody>();
  const [cancelled, setCancelled] = useState<InviteBody>();
  return (
    <TableContainer component={Paper} tabIndex={0} role="region" aria-label="Invitations">
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>Invited</TableCell>
            <TableCell sx={fromSmall}>As</TableCell>
            <TableCell sx={fromMedium}>By</TableCell>
            <TableCell sx={fromMedium}>When</TableCell>
            <TableCell sx={fromSmall}>Link ends</TableCell>
            <TableCell align="right">Actions</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {invites.map((invite) => (
            <TableRow key={invite.id}>
              <TableCell component="th" scope="row" sx={{ overflowWrap: 'anywhere' }}>
                {invite.invitee}
              </TableCell>
              <TableCell sx={fromSmall}>
                {shownRole(roleOf(invite))}
                {invite.team !== '' && `, in ${invite.team}`}
              </TableCell>
              <TableCell sx={fromMedium}>{invite.inviter_username}</TableCell>
              <TableCell sx={fromMedium}>
                <Time value={invite.created_at} />
              </TableCell>
              <TableCell sx={fromSmall}>
                <Expiry invite={invite} />
              </TableCell>
              <TableCell align="right" sx={{ whiteSpace: { sm: 'nowrap' } }}>
                {isMailed && (
                  <Button
                    size="small"
                    aria-label={`Send the letter to ${invite.invitee} again`}
                    onClick={() => resend.mutate(invite)}
                  >
                    Send again
                  </Button>
                )}
                <Button
                  size="small"
                  aria-label={`Make a new link for ${invite.invitee}`}
                  onClick={() => setRelinked(invite)}
                >
                  New link
                </Button>
                <Button
                  size="small"
                  color="error"
                  aria-label={`Cancel the invitation of ${invite.invitee}`}
                  onClick={() => setCancelled(invite)}
                >
                  Cancel
                </Button>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {relinked && <NewLinkDialog org={org} invite={relinked} onClose={() => setRelinked(undefined)} />}
      {cancelled && <CancelInvitation org={org} invite={cancelled} onClose={() => setCancelled(undefined)} />}
    </TableContainer>
  );
}

function Expiry({ invite: { expires_at: at } }: { readonly invite: InviteBody }) {
  if (at === undefined) return 'Never';
  if (Date.parse(at) <= Date.now()) return 'Has expired';
  return <Time value={at} />;
}
