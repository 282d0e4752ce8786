import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { TeamMemberBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { pageForAddress } from '../components/page-number.ts';
import { Pages } from '../components/pages.tsx';
import { SearchField } from '../components/search-field.tsx';
import { AddMember } from './add-member.tsx';
import { ownersTeam, pageSize, teamMembersQuery, useTeamMembership } from './team-queries.ts';
import type { TeamsSearch } from './teams-search.ts';

interface TeamMembersProps {
  readonly org: string;
  readonly team: string;
  readonly isOwner: boolean;
  readonly search: TeamsSearch;
  readonly onSearch: (change: TeamsSearch) => void;
}

/** Who is in a team. Owners add and remove, and both can be undone. */
export function TeamMembers({ org, team, isOwner, search, onSearch }: TeamMembersProps) {
  const { data, error, refetch } = useQuery(teamMembersQuery(org, team, search));
  const { mutate: change } = useTeamMembership(org, team);
  const [demoted, setDemoted] = useState<string>();

  function remove(member: string): void {
    // Whoever leaves the owners becomes a plain member, which is more than leaving a team.
    if (team.toLowerCase() === ownersTeam) setDemoted(member);
    else change({ member, isIn: false });
  }

  if (error) return <ErrorMessage error={error} onRetry={() => void refetch()} />;
  return (
    <Stack spacing={2}>
      {isOwner && <AddMember org={org} onAdd={(member) => change({ member, isIn: true })} />}
      <FilterBar>
        <SearchField
          label="Search the team"
          value={search.search ?? ''}
          onSearch={(text) => onSearch({ search: text || undefined, page: undefined })}
        />
      </FilterBar>
      {data?.results.length === 0 && <NobodyFound isSearched={search.search !== undefined} isOwner={isOwner} />}
      {data && data.results.length > 0 && (
        <div>
          <MemberTable members={data.results} {...(isOwner && { onRemove: remove })} />
          <Pages
            label="Members"
            page={search.page ?? 1}
            pageSize={pageSize}
            count={data.count}
            onPage={(page) => onSearch({ page: pageForAddress(page) })}
          />
        </div>
      )}
      {demoted !== undefined && (
        <ConfirmDialog
          title={`Take ${demoted} out of the owners?`}
          action={`Make ${demoted} a plain member`}
          isRunning={false}
          error={undefined}
          onConfirm={() => {
            change({ member: demoted, isIn: false });
            setDemoted(undefined);
          }}
          onClose={() => setDemoted(undefined)}
        >
          {demoted} will no longer manage {org}, and its policy counts for them from the next pull on.
        </ConfirmDialog>
      )}
    </Stack>
  );
}

/** What narrow screens leave out, for the actions to be in reach. */
const fromSmall = { display: { xs: 'none', sm: 'table-cell' } };
const fromMedium = { display: { xs: 'none', md: 'table-cell' } };

interface MemberTableProps {
  readonly members: readonly TeamMemberBody[];
  /** Takes somebody out of the team. Absent for who may not. */
  readonly onRemove?: (username: string) => void;
}

function MemberTable({ members, onRemove }: MemberTableProps) {
  return (
    <TableContainer component={Paper} tabIndex={0} role="region" aria-label="Members of the team">
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>User name</TableCell>
            <TableCell sx={fromSmall}>Name</TableCell>
            {onRemove && <TableCell sx={fromMedium}>E-mail</TableCell>}
            {onRemove && <TableCell align="right">Actions</TableCell>}
          </TableRow>
        </TableHead>
        <TableBody>
          {members.map(({ id, username, full_name, email }) => (
            <TableRow key={id}>
              <TableCell component="th" scope="row">
                {username}
              </TableCell>
              <TableCell sx={fromSmall}>{full_name}</TableCell>
              {onRemove && <TableCell sx={fromMedium}>{email}</TableCell>}
              {onRemove && (
                <TableCell align="right">
                  <Button
                    size="small"
                    color="error"
                    aria-label={`Remove ${username} from the team`}
                    onClick={() => onRemove(username)}
                  >
                    Remove
                  </Button>
                </TableCell>
              )}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function NobodyFound({ isSearched, isOwner }: { readonly isSearched: boolean; readonly isOwner: boolean }) {
  if (isSearched) {
    return <EmptyState title="Nobody is found">Nobody in this team fits the search. Search for less.</EmptyState>;
  }
  return (
    <EmptyState title="Nobody is in this team">
      {isOwner ? 'Add members of the organization above.' : 'Owners of the organization add members.'}
    </EmptyState>
  );
}
