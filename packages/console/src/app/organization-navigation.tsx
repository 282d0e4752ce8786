import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemText from '@mui/material/ListItemText';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useMembership } from './membership.ts';
import { pages } from './navigation.ts';
import { organizationsQuery } from './queries.ts';

/** Which organization, and its pages. */
export function OrganizationNavigation() {
  const { org, isOwner } = useMembership();
  const { pathname } = useLocation();
  return (
    <>
      <OrganizationSwitch org={org} />
      <List dense sx={{ px: 1 }}>
        {pages
          .filter(({ isForOwners = false }) => isOwner || !isForOwners)
          .map(({ path, title }) => {
            const to = `/console/o/${org}/${path}`;
            const isHere = pathname === to || pathname.startsWith(`${to}/`);
            return (
              <ListItem key={path} disablePadding>
                <ListItemButton
                  component={Link}
                  to={to}
                  selected={isHere}
                  aria-current={isHere ? 'page' : undefined}
                  sx={{ borderRadius: 1 }}
                >
                  <ListItemText primary={title} />
                </ListItemButton>
              </ListItem>
            );
          })}
      </List>
    </>
  );
}

/** No name of an organization: those begin with a letter or digit. */
const all = '*';

function OrganizationSwitch({ org }: { readonly org: string }) {
  const { data: organizations } = useSuspenseQuery(organizationsQuery);
  const navigate = useNavigate();
  return (
    <TextField
      select
      size="small"
      label="Organization"
      value={org}
      onChange={(event) => {
        const chosen = event.target.value;
        if (chosen === all) void navigate({ to: '/console', search: { all: true } });
        else void navigate({ to: '/console/o/$org', params: { org: chosen } });
      }}
      onClick={(event) => event.stopPropagation()}
      sx={{ m: 2, mb: 1 }}
    >
      {organizations.map(({ orgname }) => (
        <MenuItem key={orgname} value={orgname}>
          {orgname}
        </MenuItem>
      ))}
      <MenuItem value={all} sx={{ borderTop: 1, borderColor: 'divider' }}>
        All organizations
      </MenuItem>
    </TextField>
  );
}
