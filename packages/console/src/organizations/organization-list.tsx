import Avatar from '@mui/material/Avatar';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemAvatar from '@mui/material/ListItemAvatar';
import ListItemText from '@mui/material/ListItemText';
import Paper from '@mui/material/Paper';
import type { OwnOrganizationBody } from '@pullgate/contract';
import { useAddressSearch } from '../components/address-search.ts';
import { SearchedList } from '../components/searched-list.tsx';
import { ListLink } from './list-link.tsx';

interface OrganizationListProps {
  readonly organizations: readonly OwnOrganizationBody[];
}

export function OrganizationList({ organizations }: OrganizationListProps) {
  const search = useAddressSearch('search');
  return (
    <SearchedList
      items={organizations}
      one="organization"
      label="Search organizations"
      textOf={({ orgname, full_name }) => `${orgname} ${full_name}`}
      {...search}
    >
      {(found) => (
        <Paper>
          <List disablePadding aria-label="Organizations">
            {found.map((organization) => (
              <ListItem key={organization.orgname} disablePadding divider>
                <ListLink to="/console/o/$org" params={{ org: organization.orgname }}>
                  <Entry organization={organization} />
                </ListLink>
              </ListItem>
            ))}
          </List>
        </Paper>
      )}
    </SearchedList>
  );
}

function Entry({ organization: { orgname, full_name, user_role } }: { readonly organization: OwnOrganizationBody }) {
  return (
    <>
      <ListItemAvatar>
        <Avatar variant="rounded" aria-hidden sx={{ bgcolor: 'action.selected', color: 'text.primary' }}>
          {orgname.slice(0, 1).toUpperCase()}
        </Avatar>
      </ListItemAvatar>
      <ListItemText
        primary={full_name || orgname}
        secondary={`${orgname} · ${user_role}`}
        sx={{ overflowWrap: 'anywhere' }}
      />
    </>
  );
}
