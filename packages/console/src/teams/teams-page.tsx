import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { TeamBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Loading } from '../app/loading.tsx';
import { useMembership } from '../app/membership.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { Page } from '../components/page.tsx';
import { pageForAddress } from '../components/page-number.ts';
import { Pages } from '../components/pages.tsx';
import { SearchField } from '../components/search-field.tsx';
import { roleOf, shownRole } from '../members/member-queries.ts';
import { CreateTeam } from './create-team.tsx';
import { pageSize, teamsQuery } from './team-queries.ts';

/** The teams of an organization. Owners make them, everybody sees them. */
export function TeamsPage() {
  const { org, isOwner } = useMembership();
  const search = useSearch({ from: '/signed-in/console/o/$org/teams' });
  const navigate = useNavigate({ from: '/console/o/$org/teams' });
  const { data, error, refetch } = useQuery(teamsQuery(org, search));
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Page
      title="Teams"
      lead={`Named sets of members of ${org}. ${isOwner ? 'A team can give its members a role.' : 'Owners of the organization change them.'}`}
      actions={
        isOwner && (
          <Button variant="contained" onClick={() => setIsCreating(true)}>
            Create a team
          </Button>
        )
      }
    >
      <FilterBar>
        <SearchField
          label="Search teams"
          value={search.search ?? ''}
          onSearch={(text) =>
            void navigate({ search: { search: text || undefined }, replace: true, resetScroll: false })
          }
        />
      </FilterBar>
      {error ? <ErrorMessage error={error} onRetry={() => void refetch()} /> : data === undefined && <Loading />}
      {data?.results.length === 0 && (
        <EmptyState title="No team is found">No team fits the search. Search for less.</EmptyState>
      )}
      {data && data.results.length > 0 && (
        <div>
          <TeamTable org={org} teams={data.results} />
          <Pages
            label="Teams"
            page={search.page ?? 1}
            pageSize={pageSize}
            count={data.count}
            onPage={(page) => void navigate({ search: (before) => ({ ...before, page: pageForAddress(page) }) })}
          />
        </div>
      )}
      {isCreating && <CreateTeam org={org} onClose={() => setIsCreating(false)} />}
    </Page>
  );
}

/** Narrow screens leave it out: it is on the team's own page. */
const fromSmall = { display: { xs: 'none', sm: 'table-cell' } };

function TeamTable({ org, teams }: { readonly org: string; readonly teams: readonly TeamBody[] }) {
  return (
    <TableContainer component={Paper} tabIndex={0} role="region" aria-label="Teams">
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>Team</TableCell>
            <TableCell align="right">Members</TableCell>
            <TableCell>Role</TableCell>
            <TableCell sx={{ ...fromSmall, width: '50%' }}>Description</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {teams.map(({ id, name, description, member_count, role }) => (
            <TableRow key={id}>
              <TableCell component="th" scope="row">
                <Link component={RouterLink} to={`/console/o/${org}/teams/${name}`}>
                  {name}
                </Link>
              </TableCell>
              <TableCell align="right">{member_count.toLocaleString()}</TableCell>
              <TableCell>{shownRole(roleOf({ role }))}</TableCell>
              <TableCell sx={{ ...fromSmall, overflowWrap: 'anywhere' }}>{description}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
