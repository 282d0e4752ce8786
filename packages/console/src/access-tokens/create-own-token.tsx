import MenuItem from '@mui/material/MenuItem';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { callerQuery } from '../app/queries.ts';
import { Field, Form } from '../components/form.tsx';
import { CreateDialog } from './create-dialog.tsx';
import type { Created } from './created-token.tsx';
import { ExpiryField, useLifetime } from './expiry-field.tsx';
import { ownTokensKey } from './token-queries.ts';
import { expiryAfter, personalScopes } from './token-row.ts';

interface CreateOwnTokenProps {
  readonly org: string;
  readonly maximumDays: number | null;
  readonly onCreated: (created: Created) => void;
  readonly onClose: () => void;
}

export function CreateOwnToken({ org, maximumDays, onCreated, onClose }: CreateOwnTokenProps) {
  const { data: caller } = useSuspenseQuery(callerQuery);
  const [label, setLabel] = useState('');
  const [scope, setScope] = useState('repo:read');
  const [days, setDays] = useLifetime(maximumDays);
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => {
      const scopes = personalScopes.flatMap((one) => (one.scope === scope ? [one.scope] : []));
      return client.createPersonalToken({ body: { token_label: label.trim(), scopes, expires_at: expiryAfter(days) } });
    },
    onSuccess({ token, token_label }) {
      onCreated({ label: token_label, token, loginName: caller.username });
      return queries.invalidateQueries({ queryKey: ownTokensKey });
    },
  });
  const { error } = create;
  return (
    <CreateDialog title="Create access token" onClose={onClose}>
      <Form mutation={create} action="Create">
        <Field
          label="Label"
          field="token_label"
          error={error}
          helperText="What it is for: Laptop, Build server."
          value={label}
          onChange={setLabel}
          autoFocus
          required
          slotProps={{ htmlInput: { maxLength: 100 } }}
        />
        <Field
          select
          label="Access permissions"
          field="scopes"
          error={error}
          helperText={personalScopes.find((one) => one.scope === scope)?.about}
          value={scope}
          onChange={setScope}
        >
          {personalScopes.map((one) => (
            <MenuItem key={one.scope} value={one.scope}>
              {one.title}
            </MenuItem>
          ))}
        </Field>
        <ExpiryField org={org} maximumDays={maximumDays} days={days} onChange={setDays} error={error} />
      </Form>
    </CreateDialog>
  );
}
