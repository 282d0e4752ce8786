import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import Stack from '@mui/material/Stack';
import Switch from '@mui/material/Switch';
import type { TokenRulesBody } from '@pullgate/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client, messageOf } from '../app/client.ts';
import { Field, Form } from '../components/form.tsx';
import { useNotice } from '../components/notice.tsx';
import { Section } from '../components/section.tsx';
import { tokenRulesQuery } from './token-queries.ts';

interface TokenRulesProps {
  readonly org: string;
  readonly rules: TokenRulesBody;
}

/** What the organization asks of tokens. */
export function TokenRules({ org, rules }: TokenRulesProps) {
  const [days, setDays] = useState(rules.maximum_days === null ? '' : String(rules.maximum_days));
  const [takesPasswords, setTakesPasswords] = useState(rules.allow_password_login);
  const save = useSaveRules(org, rules);
  const saving = {
    mutate: () =>
      save.mutate({ maximum_days: days.trim() === '' ? null : Number(days), allow_password_login: takesPasswords }),
    isPending: save.isPending,
    error: save.error,
  };
  return (
    <Section title="Rules" lead={`They hold for the personal access tokens of all members of ${org}, and for its own.`}>
      <Stack sx={{ maxWidth: 480 }}>
        <Form mutation={saving} action="Save rules">
          <Field
            label="Longest life of a token, in days"
            type="number"
            field="maximum_days"
            error={save.error}
            helperText="From 1 to 3650; leave it empty for no limit. Older tokens stop working at once, whatever they say themselves."
            value={days}
            onChange={setDays}
            slotProps={{ htmlInput: { min: 1, max: 3650, step: 1 } }}
          />
          <div>
            <FormControlLabel
              control={<Switch checked={takesPasswords} onChange={(_, isOn) => setTakesPasswords(isOn)} />}
              label="docker login also takes console passwords"
            />
            <FormHelperText>
              Never from a member with a second factor, and only while all organizations of the member allow it.
            </FormHelperText>
          </div>
        </Form>
      </Stack>
    </Section>
  );
}

function useSaveRules(org: string, before: TokenRulesBody) {
  const queries = useQueryClient();
  const notify = useNotice();
  const { queryKey } = tokenRulesQuery(org);
  const put = async (body: TokenRulesBody) =>
    queries.setQueryData(queryKey, await client.setTokenRules({ params: { org }, body }));

  async function undo(): Promise<void> {
    try {
      await put(before);
      notify({ text: 'The rules from before are in force again.' });
    } catch (error) {
      notify({ text: messageOf(error), severity: 'error' });
    }
  }

  return useMutation({
    mutationFn: put,
    onSuccess: () => notify({ text: 'The rules are in force.', undo: () => void undo() }),
  });
}
