import Box from '@mui/material/Box';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { organizationsQuery } from '../app/queries.ts';
import { Field, Form } from '../components/form.tsx';
import { useNotice } from '../components/notice.tsx';

/** @param username of who creates it, and owns it unless somebody else is named */
export function CreateOrganization({ username }: { readonly username: string }) {
  const [name, setName] = useState('');
  const [fullName, setFullName] = useState('');
  const [owner, setOwner] = useState('');
  const navigate = useNavigate();
  const notify = useNotice();
  const queries = useQueryClient();

  const create = useMutation({
    mutationFn: () =>
      client.createOrganization({
        body: {
          orgname: name.trim(),
          ...(fullName.trim() !== '' && { full_name: fullName.trim() }),
          ...(owner.trim() !== '' && { owner: owner.trim() }),
        },
      }),
    async onSuccess({ orgname }) {
      const organizations = await queries.fetchQuery({ ...organizationsQuery, staleTime: 0 });
      if (organizations.some((one) => one.orgname === orgname)) {
        await navigate({ to: '/console/o/$org', params: { org: orgname } });
        return;
      }
      // Somebody else owns it: whoever created it is no member, and sees nothing of it.
      notify({ text: `${orgname} is created. ${owner.trim()} owns it, and sees it at the next sign-in.` });
      setName('');
      setFullName('');
      setOwner('');
    },
  });

  return (
    <Box sx={{ maxWidth: 480 }}>
      <Form mutation={create} action="Create">
        <Field
          label="Name"
          field="orgname"
          value={name}
          onChange={setName}
          error={create.error}
          helperText="In addresses: lower-case letters and digits, with hyphens or underscores between them. It stays."
          required
          slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false, maxLength: 40 } }}
        />
        <Field
          label="Full name"
          field="full_name"
          value={fullName}
          onChange={setFullName}
          error={create.error}
          helperText="As people call it. The name when left empty."
          slotProps={{ htmlInput: { maxLength: 200 } }}
        />
        <Field
          label="First owner"
          field="owner"
          value={owner}
          onChange={setOwner}
          error={create.error}
          placeholder={username}
          helperText="User name of somebody with an account here. You when left empty."
          slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
        />
      </Form>
    </Box>
  );
}
