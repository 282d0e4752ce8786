import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemText from '@mui/material/ListItemText';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { ErrorMessage } from '../components/error-message.tsx';
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
            <List dense>
              {data.resources.map(({ type, path, scopes }) => (
                <ListItem key={`${type} ${path}`} disableGutters>
                  <ListItemText
                    primary={type === 'TYPE_ORG' ? `The organization ${path}` : path}
                    secondary={scopes.map(titleOfScope).join(', ')}
                    sx={{ overflowWrap: 'anywhere' }}
                  />
                </ListItem>
              ))}
            </List>
          </>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}
