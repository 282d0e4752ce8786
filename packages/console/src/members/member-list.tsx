import Stack from '@mui/material/Stack';
import type { MemberBody } from '@pullgate/contract';
import { type Role, roles } from '@pullgate/policy';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { callerQuery } from '../app/queries.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { DataGrid } from '../components/data-grid.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { FilterSelect } from '../components/filter-select.tsx';
import { pageForAddress } from '../components/page-number.ts';
import { SearchField } from '../components/search-field.tsx';
import { memberColumns } from './member-columns.tsx';
import { MemberDetails } from './member-details.tsx';
import { membersQuery, pageSize, type RoleChange, shownRole, useChangeRole } from './member-queries.ts';
import type { MembersSearch } from './members-search.ts';
import { RemoveMember } from './remove-member.tsx';

interface MemberListProps {
  readonly org: string;
  readonly isOwner: boolean;
  readonly search: MembersSearch;
  readonly onSearch: (change: MembersSearch) => void;
}

/** Search, filter, and a page of the members. */
export function MemberList({ org, isOwner, search, onSearch }: MemberListProps) {
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery(membersQuery(org, search));
  const { data: caller } = useSuspenseQuery(callerQuery);
  const [shown, setShown] = useState<MemberBody>();
  const [removed, setRemoved] = useState<MemberBody>();
  const [ownChange, setOwnChange] = useState<RoleChange>();
  const changeRole = useChangeRole(org);
  const isFiltered = search.search !== undefined || search.role !== undefined;

  function onChangeRole(member: MemberBody, role: Role): void {
    const change = { member, role };
    // Who gives away the own role of owner cannot take it back.
    if (member.username === caller.username) setOwnChange(change);
    else changeRole(change);
  }

  return (
    <Stack spacing={2}>
      <FilterBar
        onClear={isFiltered ? () => onSearch({ search: undefined, role: undefined, page: undefined }) : undefined}
      >
        <SearchField
          label={isOwner ? 'Search names and e-mail addresses' : 'Search names'}
          value={search.search ?? ''}
          onSearch={(text) => onSearch({ search: text || undefined, page: undefined })}
        />
        <FilterSelect
          label="Role"
          value={search.role}
          options={roleOptions}
          onChange={(role) => onSearch({ role, page: undefined })}
        />
      </FilterBar>
      <DataGrid
        label="Members"
        columns={memberColumns(isOwner ? { onChangeRole, onRemove: setRemoved } : undefined)}
        rows={data?.results}
        rowId={({ id }) => id}
        isLoading={data === undefined || (isFetching && isPlaceholderData)}
        error={error}
        onRetry={() => void refetch()}
        empty={<NobodyFound />}
        paging={{
          page: search.page ?? 1,
          pageSize,
          count: data?.count,
          onPage: (page) => onSearch({ page: pageForAddress(page) }),
        }}
        onOpen={setShown}
      />
      {shown && <MemberDetails org={org} member={shown} isOwner={isOwner} onClose={() => setShown(undefined)} />}
      {removed && (
        <RemoveMember
          org={org}
          username={removed.username}
          isSelf={removed.username === caller.username}
          onClose={() => setRemoved(undefined)}
        />
      )}
      {ownChange && (
        <ConfirmDialog
          title={`Give up your role in ${org}?`}
          action={`Become ${ownChange.role}`}
          isRunning={false}
          error={undefined}
          onConfirm={() => {
            changeRole(ownChange);
            setOwnChange(undefined);
          }}
          onClose={() => setOwnChange(undefined)}
        >
          You will no longer manage {org}, and only another owner can make you one again.
        </ConfirmDialog>
      )}
    </Stack>
  );
}

const roleOptions = roles.map((role) => ({ value: role, label: shownRole(role) }));

function NobodyFound() {
  return (
    <EmptyState title="Nobody is found">
      No member fits the search and the role. Search for less, or any role.
    </EmptyState>
  );
}
