import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import { type FormEvent, useState } from 'react';
import { client } from '../app/client.ts';
import { type Choice, SearchPicker } from '../components/search-picker.tsx';

const offered = 20;

interface AddMemberProps {
  readonly org: string;
  /** @param username of a member of the organization */
  readonly onAdd: (username: string) => void;
}

export function AddMember({ org, onAdd }: AddMemberProps) {
  const [picked, setPicked] = useState<Choice | null>(null);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (picked === null) return;
    onAdd(picked.value);
    setPicked(null);
  }

  return (
    <Stack
      component="form"
      direction="row"
      onSubmit={submit}
      sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'flex-start', maxWidth: 560 }}
    >
      <SearchPicker
        label={`Member of ${org}`}
        value={picked}
        onChange={setPicked}
        queryKey={['members', org, 'choices']}
        find={async (search, signal) => {
          const query = { page_size: offered, ...(search !== '' && { search }) };
          const { results } = await client.listMembers({ params: { org }, query }, { signal });
          return results.map(({ username, full_name: name }) => ({
            value: username,
            label: name === '' ? username : `${name} (${username})`,
          }));
        }}
      />
      <Button type="submit" variant="outlined" disabled={picked === null}>
        Add
      </Button>
    </Stack>
  );
}
