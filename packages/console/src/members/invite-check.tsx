import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemText from '@mui/material/ListItemText';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { InvitedBody } from '@pullgate/contract';
import { ErrorMessage } from '../components/error-message.tsx';

interface InviteCheckProps {
  readonly checked: readonly InvitedBody[];
  readonly invite: { readonly isPending: boolean; readonly error: Error | null };
  readonly onInvite: (invitees: readonly string[]) => void;
  readonly onBack: () => void;
}

/** Who would be invited, and who not and why, before anybody is. */
export function InviteCheck({ checked, invite, onInvite, onBack }: InviteCheckProps) {
  const good = checked.filter(({ status }) => status === 'invited').map(({ invitee }) => invitee);
  const bad = checked.filter(({ status }) => status !== 'invited');
  return (
    <>
      <DialogContent>
        <Stack spacing={2}>
          {bad.length > 0 && (
            <Alert severity="warning">
              {bad.length === 1 ? 'One of them' : `${bad.length.toLocaleString()} of them`} cannot be invited:
              <List dense disablePadding>
                {bad.map(({ invitee, status }) => (
                  <ListItem key={invitee} disableGutters>
                    <ListItemText
                      primary={invitee}
                      secondary={reasons[status]}
                      slotProps={{ secondary: { sx: { color: 'inherit' } } }}
                      sx={{ overflowWrap: 'anywhere' }}
                    />
                  </ListItem>
                ))}
              </List>
            </Alert>
          )}
          {good.length > 0 && (
            <Typography sx={{ overflowWrap: 'anywhere' }}>To be invited: {good.join(', ')}</Typography>
          )}
          {invite.error && <ErrorMessage error={invite.error} />}
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button onClick={onBack}>Back</Button>
        <Button
          variant="contained"
          autoFocus
          disabled={good.length === 0}
          loading={invite.isPending}
          onClick={() => onInvite(good)}
        >
          {good.length === 1 ? 'Invite one person' : `Invite ${good.length.toLocaleString()} people`}
        </Button>
      </DialogActions>
    </>
  );
}

const reasons: Readonly<Record<InvitedBody['status'], string>> = {
  invited: 'Can be invited.',
  existing_org_member: 'Is a member already.',
  invalid_email_or_docker_id: "Neither an e-mail address nor anybody's user name.",
};
