import Avatar from '@mui/material/Avatar';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemAvatar from '@mui/material/ListItemAvatar';
import ListItemText from '@mui/material/ListItemText';
import Paper from '@mui/material/Paper';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { OwnOrganizationBody } from '@pullgate/contract';
import { useState } from 'react';
import { ListLink } from './list-link.tsx';

interface OrganizationListProps {
  readonly organizations: readonly OwnOrganizationBody[];
}

/** With fewer, the eye is faster than a search. */
const leastToSearch = 6;

export function OrganizationList({ organizations }: OrganizationListProps) {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = organizations.filter(({ orgname, full_name }) =>
    [orgname, full_name].some((name) => name.toLowerCase().includes(wanted)),
  );
  return (
    <>
      {organizations.length >= leastToSearch && (
        <TextField
          size="small"
          type="search"
          label="Search organizations"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          sx={{ maxWidth: 420 }}
        />
      )}
      {found.length === 0 ? (
        <Typography color="textSecondary">None of your organizations is called like that.</Typography>
      ) : (
        <Paper>
          <List disablePadding aria-label="Organizations">
            {found.map((organization, index) => (
              <ListItem key={organization.orgname} disablePadding divider={index < found.length - 1}>
                <ListLink to="/console/o/$org" params={{ org: organization.orgname }}>
                  <Entry organization={organization} />
                </ListLink>
              </ListItem>
            ))}
          </List>
        </Paper>
      )}
    </>
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
