import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { InvitedBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { CodeLine } from '../components/code-line.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { mailQuery } from './invitation-queries.ts';

interface InviteResultsProps {
  readonly invited: readonly InvitedBody[];
  readonly onClose: () => void;
}

/** The links of those who were invited, which are shown this once. */
export function InviteResults({ invited, onClose }: InviteResultsProps) {
  const { data: isMailed } = useQuery(mailQuery);
  const links = invited.flatMap(({ invitee, link }) => (link === undefined ? [] : [{ invitee, link }]));
  const others = invited.filter(({ link }) => link === undefined);
  return (
    <>
      <DialogContent>
        <Stack spacing={2}>
          {links.length > 0 && (
            <Alert severity="success">
              {isMailed
                ? 'Letters are on their way. Should one not arrive, hand over the link: it is shown only here.'
                : 'This gate sends no mail: hand the links over yourself. They are shown only here.'}
            </Alert>
          )}
          {links.length > 1 && (
            <Box sx={{ display: 'flex', alignItems: 'center', justifyContent: 'flex-end' }}>
              <Typography variant="body2">All links</Typography>
              <CopyButton
                text={links.map(({ invitee, link }) => `${invitee} ${link}`).join('\n')}
                what="all links with names"
              />
            </Box>
          )}
          {links.map(({ invitee, link }) => (
            <Box key={invitee}>
              <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>{invitee}</Typography>
              <CodeLine text={link} what={`the link of ${invitee}`} />
            </Box>
          ))}
          {others.length > 0 && (
            <Alert severity="info" sx={{ overflowWrap: 'anywhere' }}>
              Invited before, and the link from then stays good: {others.map(({ invitee }) => invitee).join(', ')}. A
              new link can be made in the list of invitations.
            </Alert>
          )}
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button variant="contained" autoFocus onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </>
  );
}
