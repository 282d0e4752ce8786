import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { type Role, roles } from '@pullgate/policy';
import { type FormEvent, useId, useState } from 'react';
import { client } from '../app/client.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { type Choice, SearchPicker } from '../components/search-picker.tsx';
import { type Offer, useCheckInvitees, useInvite } from './invitation-queries.ts';
import { InviteCheck } from './invite-check.tsx';
import { InviteResults } from './invite-results.tsx';
import { mostInvitees, readInvitees } from './invitees.ts';
import { shownRole } from './member-queries.ts';

interface InviteDialogProps {
  readonly org: string;
  readonly onClose: () => void;
}

/** Whom to invite and as what; then what would come of it; then the links. Rendered while it is open. */
export function InviteDialog({ org, onClose }: InviteDialogProps) {
  const [text, setText] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [team, setTeam] = useState<Choice | null>(null);
  const titleId = useId();
  const check = useCheckInvitees(org);
  const invite = useInvite(org);
  const invitees = readInvitees(text);
  const isTooMany = invitees.length > mostInvitees;
  const isReady = invitees.length > 0 && !isTooMany;
  const offer = (wanted: readonly string[]): Offer => ({ invitees: wanted, role, team: team?.value });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isReady && !check.isPending) check.mutate(offer(invitees));
  }

  return (
    // Links are shown only here: a click beside the dialog must not lose them.
    <Dialog open onClose={invite.data ? undefined : onClose} aria-labelledby={titleId} fullWidth maxWidth="sm">
      <DialogTitle id={titleId}>Invite people to {org}</DialogTitle>
      {invite.data ? (
        <InviteResults invited={invite.data} onClose={onClose} />
      ) : check.data ? (
        <InviteCheck
          checked={check.data}
          invite={invite}
          onInvite={(good) => invite.mutate(offer(good))}
          onBack={() => {
            check.reset();
            invite.reset();
          }}
        />
      ) : (
        <form onSubmit={submit}>
          <DialogContent>
            <Stack spacing={2} sx={{ pt: 1 }}>
              <TextField
                label="E-mail addresses or user names"
                value={text}
                onChange={(event) => setText(event.target.value)}
                error={isTooMany}
                helperText={
                  isTooMany
                    ? `These are ${invitees.length.toLocaleString()}. At most ${mostInvitees.toLocaleString()} can be invited at once.`
                    : 'One a line, or with commas between.'
                }
                multiline
                minRows={3}
                maxRows={10}
                autoFocus
                slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
              />
              <TextField
                select
                size="small"
                label="Role"
                value={role}
                onChange={(event) => setRole(roles.find((one) => one === event.target.value) ?? 'member')}
              >
                {roles.map((one) => (
                  <MenuItem key={one} value={one}>
                    {shownRole(one)}
                  </MenuItem>
                ))}
              </TextField>
              <TeamPicker org={org} team={team} onChange={setTeam} />
              {check.error && <ErrorMessage error={check.error} />}
            </Stack>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="contained" disabled={!isReady} loading={check.isPending}>
              Check
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}

const offered = 20;

interface TeamPickerProps {
  readonly org: string;
  readonly team: Choice | null;
  readonly onChange: (team: Choice | null) => void;
}

function TeamPicker({ org, team, onChange }: TeamPickerProps) {
  return (
    <SearchPicker
      label="Team"
      helperText="They join it as well. May stay empty."
      value={team}
      onChange={onChange}
      queryKey={['teams', org, 'choices']}
      find={async (search, signal) => {
        const query = { page_size: offered, ...(search !== '' && { search }) };
        const { results } = await client.listGroups({ params: { org }, query }, { signal });
        return results.map(({ name }) => ({ value: name, label: name }));
      }}
    />
  );
}
