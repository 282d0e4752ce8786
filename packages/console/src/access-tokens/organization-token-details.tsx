import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemText from '@mui/material/ListItemText';
import Typography from '@mui/material/Typography';
import type { OrganizationTokenBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { ErrorMessage } from '../components/error-message.tsx';
import { SearchedList } from '../components/searched-list.tsx';
import { Time } from '../components/time.tsx';
import { titleOfScope } from './organization-scopes.ts';
import { organizationTokenQuery } from './token-queries.ts';
import type { TokenRow } from './token-row.ts';

interface OrganizationTokenDetailsProps {
  readonly org: string;
  readonly token: TokenRow;
  readonly onClose: () => void;
}

/** What a token opens, and who made it. */
export function OrganizationTokenDetails({ org, token, onClose }: OrganizationTokenDetailsProps) {
  const { data, error } = useQuery(organizationTokenQuery(org, token.id));
  const id = useId();
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth maxWidth="sm">
      <DialogTitle id={id}>{token.label}</DialogTitle>
      <DialogContent>
        {error && <ErrorMessage error={error} />}
        {data && (
          <>
            <Typography>
              Created by {data.created_by}, <Time value={data.created_at} />. It opens:
            </Typography>
            <Resources resources={data.resources} />
          </>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}

type Resource = OrganizationTokenBody['resources'][number];

function Resources({ resources }: { readonly resources: readonly Resource[] }) {
  const [search, setSearch] = useState('');
  return (
    <Box sx={{ mt: 1 }}>
      <SearchedList
        items={resources}
        one="resource"
        label="Search what it opens"
        textOf={(resource) => `${nameOf(resource)} ${scopesOf(resource)}`}
        search={search}
        onSearch={setSearch}
      >
        {(found) => (
          <List dense disablePadding>
            {found.map((resource) => (
              <ListItem key={nameOf(resource)} disableGutters>
                <ListItemText
                  primary={nameOf(resource)}
                  secondary={scopesOf(resource)}
                  sx={{ overflowWrap: 'anywhere' }}
                />
              </ListItem>
            ))}
          </List>
        )}
      </SearchedList>
    </Box>
  );
}

function nameOf({ type, path }: Resource): string {
  return type === 'TYPE_ORG' ? `The organization ${path}` : path;
}

function scopesOf({ scopes }: Resource): string {
  return scopes.map(titleOfScope).join(', ');
}
