import Checkbox from '@mui/material/Checkbox';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormGroup from '@mui/material/FormGroup';
import FormHelperText from '@mui/material/FormHelperText';
import FormLabel from '@mui/material/FormLabel';
import type { OrganizationTokenBody } from '@pullgate/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { Field, Form } from '../components/form.tsx';
import { CreateDialog } from './create-dialog.tsx';
import type { Created } from './created-token.tsx';
import { ExpiryField, useLifetime } from './expiry-field.tsx';
import { organizationScopes, pullScope } from './organization-scopes.ts';
import { organizationTokensKey } from './token-queries.ts';
import { expiryAfter } from './token-row.ts';

interface CreateOrganizationTokenProps {
  readonly org: string;
  readonly maximumDays: number | null;
  readonly onCreated: (created: Created) => void;
  readonly onClose: () => void;
}

export function CreateOrganizationToken({ org, maximumDays, onCreated, onClose }: CreateOrganizationTokenProps) {
  const [label, setLabel] = useState('');
  const [description, setDescription] = useState('');
  const [repositories, setRepositories] = useState('');
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const [days, setDays] = useLifetime(maximumDays);
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => {
      const resources = resourcesOf(org, repositories, scopes);
      const body = { label: label.trim(), description: description.trim(), resources, expires_at: expiryAfter(days) };
      return client.createOrganizationToken({ params: { org }, body });
    },
    onSuccess(token) {
      onCreated({ label: token.label, token: token.token, loginName: org });
      return queries.invalidateQueries({ queryKey: organizationTokensKey(org) });
    },
  });
  const { error } = create;
  return (
    <CreateDialog title="Create organization access token" onClose={onClose}>
      <Form mutation={create} action="Create">
        <Field
          label="Label"
          field="label"
          error={error}
          value={label}
          onChange={setLabel}
          autoFocus
          required
          slotProps={{ htmlInput: { maxLength: 100 } }}
        />
        <Field
          label="Description"
          field="description"
          error={error}
          value={description}
          onChange={setDescription}
          slotProps={{ htmlInput: { maxLength: 200 } }}
        />
        <ExpiryField org={org} maximumDays={maximumDays} days={days} onChange={setDays} error={error} />
        <Field
          label="Repositories to pull from"
          field="resources"
          error={error}
          helperText={`One on each line: ${org}/web, ${org}/* for all of a namespace, */*/public for all public ones.`}
          value={repositories}
          onChange={setRepositories}
          multiline
          minRows={2}
          slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
        />
        <OrganizationScopes chosen={scopes} onChange={setScopes} />
      </Form>
    </CreateDialog>
  );
}

interface OrganizationScopesProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

function OrganizationScopes({ chosen, onChange }: OrganizationScopesProps) {
  return (
    <FormControl component="fieldset">
      <FormLabel component="legend">The organization, by the API</FormLabel>
      <FormGroup sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' } }}>
        {organizationScopes.map(({ scope, title }) => (
          <FormControlLabel
            key={scope}
            label={title}
            control={
              <Checkbox
                size="small"
                checked={chosen.includes(scope)}
                onChange={(_, isChosen) =>
                  onChange(isChosen ? [...chosen, scope] : chosen.filter((one) => one !== scope))
                }
              />
            }
          />
        ))}
      </FormGroup>
      <FormHelperText sx={{ mx: 0 }}>A token needs a repository or one of these.</FormHelperText>
    </FormControl>
  );
}

function resourcesOf(org: string, repositories: string, scopes: readonly string[]): OrganizationTokenBody['resources'] {
  const paths = repositories.split(/[\s,]+/).filter((path) => path !== '');
  const organization = { type: 'TYPE_ORG' as const, path: org, scopes: [...scopes] };
  return [
    ...paths.map((path) => ({ type: 'TYPE_REPO' as const, path, scopes: [pullScope] })),
    ...(scopes.length > 0 ? [organization] : []),
  ];
}
