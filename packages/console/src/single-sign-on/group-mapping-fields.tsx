import AddIcon from '@mui/icons-material/Add';
import DeleteIcon from '@mui/icons-material/Delete';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { client } from '../app/client.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { Field } from '../components/form.tsx';
import type { GroupMapping } from './connection-draft.ts';
import type { DraftFieldsProps } from './protocol-fields.tsx';

const maxMappings = 500;
const mostTeams = 100;

/** Which group of the identity provider stands for which team here. */
export function GroupMappingFields({ org, draft, onChange, error }: DraftFieldsProps & { readonly org: string }) {
  const { groupMappings, groupsClaim, protocol } = draft;
  const teams = useQuery({
    queryKey: ['single-sign-on', org, 'teams'],
    queryFn: async ({ signal }) =>
      (await client.listGroups({ params: { org }, query: { page_size: mostTeams } }, { signal })).results,
  });
  const list = useId();
  const set = (next: readonly GroupMapping[]) => onChange({ groupMappings: next });
  const change = (key: number, part: Partial<GroupMapping>) =>
    set(groupMappings.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const nextKey = 1 + Math.max(-1, ...groupMappings.map(({ key }) => key));

  return (
    <Stack spacing={2}>
      <Box>
        <Typography variant="h3">Groups and teams</Typography>
        <Typography color="textSecondary">
          Members of a group are in its team, and leave it at the first sign-in after they left the group. Teams that
          are not listed stay as they are.
        </Typography>
      </Box>
      <Field
        size="small"
        label={protocol === 'oidc' ? 'Claim that lists the groups' : 'Attribute that lists the groups'}
        value={groupsClaim}
        onChange={(next) => onChange({ groupsClaim: next })}
        error={error}
        field="groups_claim"
        required
        slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
      />
      {teams.error && <ErrorMessage error={teams.error} onRetry={() => void teams.refetch()} />}
      {/* Offered while typing, not all there is: an organization may have more teams than one page of them. */}
      <datalist id={list}>
        {teams.data?.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {groupMappings.map(({ key, group, team }, index) => (
        <Stack key={key} direction="row" sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
          <TextField
            size="small"
            label={`Group ${index + 1}`}
            value={group}
            onChange={(event) => change(key, { group: event.target.value })}
            required
            sx={{ flex: '1 1 160px' }}
            slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false, maxLength: 300 } }}
          />
          <TextField
            size="small"
            label={`Team of group ${index + 1}`}
            value={team}
            onChange={(event) => change(key, { team: event.target.value })}
            required
            sx={{ flex: '1 1 160px' }}
            slotProps={{ htmlInput: { list, autoCapitalize: 'none', spellCheck: false, maxLength: 30 } }}
          />
          <IconButton
            aria-label={`Remove group ${index + 1}`}
            onClick={() => set(groupMappings.filter((one) => one.key !== key))}
          >
            <DeleteIcon />
          </IconButton>
        </Stack>
      ))}
      <Box>
        <Button
          size="small"
          startIcon={<AddIcon />}
          disabled={groupMappings.length >= maxMappings}
          onClick={() => set([...groupMappings, { key: nextKey, group: '', team: '' }])}
        >
          Add a group
        </Button>
      </Box>
    </Stack>
  );
}
