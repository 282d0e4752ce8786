import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemText from '@mui/material/ListItemText';
import Paper from '@mui/material/Paper';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { organizationsQuery } from '../app/queries.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { Page } from '../components/page.tsx';

/** Choose an organization. */
export function OrganizationsPage() {
  const { data: organizations } = useSuspenseQuery(organizationsQuery);
  if (organizations.length === 0) {
    return (
      <Page title="Organizations">
        <EmptyState title="You are in no organization yet">
          Ask an owner for an invitation, and open its link in this browser.
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title="Organizations" lead="Choose the organization whose images you want to see or manage.">
      <Paper>
        <List disablePadding>
          {organizations.map(({ orgname, full_name, user_role }) => (
            <ListItem key={orgname} disablePadding divider>
              <ListItemButton component={Link} to={`/console/o/${orgname}`}>
                <ListItemText primary={full_name || orgname} secondary={`${orgname} · ${user_role}`} />
              </ListItemButton>
            </ListItem>
          ))}
        </List>
      </Paper>
    </Page>
  );
}
