import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { callerQuery } from '../app/queries.ts';
import { Field, Form } from '../components/form.tsx';
import { useNotice } from '../components/notice.tsx';

export function Profile() {
  const { data: caller } = useSuspenseQuery(callerQuery);
  const [name, setName] = useState(caller.full_name);
  const queries = useQueryClient();
  const notify = useNotice();
  const save = useMutation({
    mutationFn: () => client.updateCaller({ body: { full_name: name.trim() } }),
    onSuccess(saved) {
      queries.setQueryData(callerQuery.queryKey, saved);
      notify({ text: 'Your name is saved.' });
    },
  });
  return (
    <Stack spacing={2} sx={{ maxWidth: 480 }}>
      <Typography sx={{ overflowWrap: 'anywhere' }}>
        You are <strong>{caller.username}</strong>
        {caller.email !== null && <> with the address {caller.email}</>}. Both serve to sign in; neither can be changed
        here.
      </Typography>
      <Form mutation={save} action="Save name" isQuiet>
        <Field
          label="Full name"
          field="full_name"
          error={save.error}
          value={name}
          onChange={setName}
          autoComplete="name"
          required
        />
      </Form>
    </Stack>
  );
}
