import Alert from '@mui/material/Alert';
import Checkbox from '@mui/material/Checkbox';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormGroup from '@mui/material/FormGroup';
import FormHelperText from '@mui/material/FormHelperText';
import FormLabel from '@mui/material/FormLabel';
import MenuItem from '@mui/material/MenuItem';
import Switch from '@mui/material/Switch';
import TextField from '@mui/material/TextField';
import type { DefaultRole } from './connection-draft.ts';
import type { DraftFieldsProps } from './protocol-fields.tsx';

interface DomainChoiceProps extends DraftFieldsProps {
  /** Verified domains that no other connection has. */
  readonly available: readonly string[];
}

/** Whose people sign in here. */
export function DomainChoice({ draft: { domains }, onChange, available }: DomainChoiceProps) {
  const toggle = (name: string, isChosen: boolean) =>
    onChange({ domains: isChosen ? [...domains, name] : domains.filter((one) => one !== name) });
  return (
    <FormControl component="fieldset">
      <FormLabel component="legend">Domains whose people sign in here</FormLabel>
      <FormGroup>
        {available.map((name) => (
          <FormControlLabel
            key={name}
            control={
              <Checkbox
                size="small"
                checked={domains.includes(name)}
                onChange={(_, isChosen) => toggle(name, isChosen)}
              />
            }
            label={name}
          />
        ))}
      </FormGroup>
      <FormHelperText sx={{ mx: 0 }}>
        The provider speaks for addresses in these domains and for no others. Only verified ones are listed.
      </FormHelperText>
    </FormControl>
  );
}

/** What comes of a sign-in. */
export function RuleFields({ draft, onChange }: DraftFieldsProps) {
  return (
    <>
      <FormControlLabel
        control={<Switch checked={draft.createMembers} onChange={(_, createMembers) => onChange({ createMembers })} />}
        label={
          draft.createMembers
            ? 'Whoever signs in for the first time becomes a member'
            : 'Only who is a member already signs in: members are invited, or made by SCIM'
        }
      />
      {draft.createMembers && (
        <TextField
          select
          label="Role of new members"
          value={draft.defaultRole}
          onChange={(event) => onChange({ defaultRole: event.target.value as DefaultRole })}
        >
          <MenuItem value="member">Member</MenuItem>
          <MenuItem value="editor">Editor</MenuItem>
          <MenuItem value="owner">Owner</MenuItem>
        </TextField>
      )}
      <FormControlLabel
        control={<Switch checked={draft.enforced} onChange={(_, enforced) => onChange({ enforced })} />}
        label={draft.enforced ? 'Enforced: people of these domains sign in no other way' : 'Passwords work beside it'}
      />
      {draft.enforced && (
        <Alert severity="warning">
          Passwords and passkeys of people with an address in these domains are refused from the next sign-in on. Owners
          keep theirs, so that somebody can get in if the provider fails. Access tokens work on. Try the connection
          before you enforce it.
        </Alert>
      )}
    </>
  );
}
