import { GridActionsCell, GridActionsCellItem } from '@mui/x-data-grid';
import type { MemberBody } from '@pullgate/contract';
import { type Role, roles } from '@pullgate/policy';
import type { Column } from '../components/data-grid.tsx';
import { Time } from '../components/time.tsx';
import { roleOf } from './member-queries.ts';

export interface MemberActions {
  readonly onChangeRole: (member: MemberBody, role: Role) => void;
  readonly onRemove: (member: MemberBody) => void;
}

const forEverybody: readonly Column<MemberBody>[] = [
  { field: 'username', headerName: 'User name', flex: 1.2, minWidth: 110 },
  { field: 'full_name', headerName: 'Name', flex: 1.2, hiddenBelow: 'sm' },
  { field: 'role', headerName: 'Role', width: 100, minWidth: 84 },
  {
    field: 'groups',
    headerName: 'Teams',
    flex: 1.2,
    hiddenBelow: 'md',
    valueGetter: (groups: MemberBody['groups']) => groups.join(', '),
  },
];

/** What the server tells owners only. */
const forOwners: readonly Column<MemberBody>[] = [
  { field: 'email', headerName: 'E-mail', flex: 1.8, hiddenBelow: 'lg' },
  { field: 'origin', headerName: 'From', width: 150, hiddenBelow: 'lg', valueGetter: (_, row) => originOf(row) },
  {
    field: 'last_seen_at',
    headerName: 'Last seen',
    width: 130,
    hiddenBelow: 'md',
    renderCell: ({ row }) => <LastSeen member={row} />,
  },
];

/** @param actions of owners */
export function memberColumns(actions: MemberActions | undefined): readonly Column<MemberBody>[] {
  if (actions === undefined) return forEverybody;
  return [
    ...forEverybody,
    ...forOwners,
    {
      field: 'actions',
      type: 'actions',
      headerName: 'Actions',
      width: 72,
      minWidth: 72,
      renderCell: (params) => (
        <GridActionsCell {...params}>
          {roles
            .filter((role) => role !== roleOf(params.row))
            .map((role) => (
              <GridActionsCellItem
                key={role}
                showInMenu
                label={`Change role to ${role}`}
                onClick={() => actions.onChangeRole(params.row, role)}
              />
            ))}
          <GridActionsCellItem showInMenu label="Remove…" onClick={() => actions.onRemove(params.row)} />
        </GridActionsCell>
      ),
    },
  ];
}

/** Where the account comes from, and whether its address is outside of the organization's domains. */
export function originOf({ origin, is_guest }: MemberBody): string {
  const source = origin ? `${origin.connection} (${origin.by === 'scim' ? 'SCIM' : 'single sign-on'})` : 'This gate';
  return is_guest ? `${source}, guest` : source;
}

export function LastSeen({ member: { last_seen_at: at } }: { readonly member: MemberBody }) {
  return at === null || at === undefined ? 'Not yet' : <Time value={at} />;
}
