import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { roles } from '@pullgate/policy';
import type { UseMutationResult } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
import { ErrorMessage } from '../components/error-message.tsx';
import { Field } from '../components/form.tsx';
import type { TeamValues } from './team-queries.ts';

interface TeamDialogProps {
  readonly title: string;
  readonly action: string;
  readonly values: TeamValues;
  readonly onChange: (values: TeamValues) => void;
  /** The team of owners: only its description can be changed. */
  readonly isOwnersTeam?: boolean;
  readonly mutation: Pick<UseMutationResult<unknown, Error, void>, 'mutate' | 'isPending' | 'error'>;
  readonly onClose: () => void;
}

const mostCharacters = 1000;

/** The name of a team, what it is for, and the role that it gives. Rendered while it is open. */
export function TeamDialog(props: TeamDialogProps) {
  const { title, action, values, onChange, isOwnersTeam = false, mutation, onClose } = props;
  const titleId = useId();

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!mutation.isPending) mutation.mutate();
  }

  return (
    <Dialog open onClose={onClose} aria-labelledby={titleId} fullWidth maxWidth="sm">
      <form onSubmit={submit}>
        <DialogTitle id={titleId}>{title}</DialogTitle>
        <DialogContent>
          <Stack spacing={2} sx={{ pt: 1 }}>
            <Field
              label="Name"
              value={values.name}
              onChange={(name) => onChange({ ...values, name })}
              error={mutation.error}
              field="name"
              helperText={
                isOwnersTeam
                  ? 'The team of the owners keeps its name.'
                  : '3 to 30 letters, digits, hyphens and underscores.'
              }
              disabled={isOwnersTeam}
              autoFocus={!isOwnersTeam}
              required
              slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
            />
            <Field
              label="Description"
              value={values.description}
              onChange={(description) => onChange({ ...values, description })}
              error={mutation.error}
              field="description"
              autoFocus={isOwnersTeam}
              multiline
              maxRows={6}
              slotProps={{ htmlInput: { maxLength: mostCharacters } }}
            />
            <TextField
              select
              label="Role"
              value={values.role}
              onChange={(event) =>
                onChange({ ...values, role: roles.find((role) => role === event.target.value) ?? values.role })
              }
              helperText="Its members have at least this role in the organization."
              disabled={isOwnersTeam}
            >
              {roles.map((role) => (
                <MenuItem key={role} value={role}>
                  {role}
                </MenuItem>
              ))}
            </TextField>
            {mutation.error && <ErrorMessage error={mutation.error} />}
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" disabled={values.name.trim() === ''} loading={mutation.isPending}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
