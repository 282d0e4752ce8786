import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { DomainBody, SsoConnectionBody } from '@pullgate/contract';
import { type FormEvent, useId, useState } from 'react';
import { client } from '../app/client.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { Field } from '../components/form.tsx';
import { type ConnectionDraft, changeOf, creationOf, draftOf, newDraft } from './connection-draft.ts';
import { GroupMappingFields } from './group-mapping-fields.tsx';
import { OidcFields, SamlFields } from './protocol-fields.tsx';
import { DomainChoice, RuleFields } from './rule-fields.tsx';
import { useStep } from './single-sign-on-queries.ts';

interface ConnectionDialogProps {
  readonly org: string;
  readonly domains: readonly DomainBody[];
  readonly connections: readonly SsoConnectionBody[];
  /** Absent for a new one. */
  readonly connection?: SsoConnectionBody;
  readonly onClose: () => void;
}

/** Connects an identity provider, or changes how it is connected. Rendered while it is open. */
export function ConnectionDialog({ org, domains, connections, connection, onClose }: ConnectionDialogProps) {
  const available = availableDomains(domains, connections, connection);
  const [draft, setDraft] = useState(() => (connection ? draftOf(connection) : newDraft(available.slice(0, 1))));
  const titleId = useId();
  const change = (part: Partial<ConnectionDraft>) => setDraft((before) => ({ ...before, ...part }));
  const save = useStep(org, {
    send: () => send(org, draft, connection),
    told: ({ name }) =>
      connection ? `${name} is changed.` : `${name} is connected. Enter its addresses at the identity provider.`,
    onDone: onClose,
  });
  const fields = { draft, onChange: change, error: save.error };

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!save.isPending) save.mutate(undefined);
  }

  return (
    <Dialog open onClose={onClose} aria-labelledby={titleId} fullWidth maxWidth="sm" scroll="body">
      <form onSubmit={submit}>
        <DialogTitle id={titleId}>
          {connection ? `Change ${connection.name}` : 'Connect an identity provider'}
        </DialogTitle>
        <DialogContent>
          <Stack spacing={2} sx={{ pt: 1 }}>
            {!connection && <ProtocolChoice draft={draft} onChange={change} />}
            <Field
              label="Name"
              placeholder="Acme login"
              value={draft.name}
              onChange={(name) => change({ name })}
              error={save.error}
              field="name"
              helperText="Shown to people who sign in."
              required
              slotProps={{ htmlInput: { maxLength: 100 } }}
            />
            {draft.protocol === 'oidc' ? (
              <OidcFields {...fields} hasSecret={connection !== undefined} />
            ) : (
              <SamlFields {...fields} />
            )}
            <DomainChoice {...fields} available={available} />
            <RuleFields {...fields} />
            <GroupMappingFields {...fields} org={org} />
            {draft.domains.length === 0 && <Typography>Choose one domain at least.</Typography>}
            {save.error && <ErrorMessage error={save.error} />}
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" disabled={draft.domains.length === 0} loading={save.isPending}>
            {connection ? 'Save' : 'Connect'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function send(org: string, draft: ConnectionDraft, connection: SsoConnectionBody | undefined) {
  if (!connection) return client.createConnection({ params: { org }, body: creationOf(draft) });
  return client.updateConnection({ params: { org, id: connection.id }, body: changeOf(draft) });
}

/** Verified ones that no other connection has. */
function availableDomains(
  domains: readonly DomainBody[],
  connections: readonly SsoConnectionBody[],
  connection: SsoConnectionBody | undefined,
): readonly string[] {
  const taken = new Set(connections.filter(({ id }) => id !== connection?.id).flatMap((other) => other.domains));
  return domains.filter(({ verified, domain }) => verified && !taken.has(domain)).map(({ domain }) => domain);
}

interface ProtocolChoiceProps {
  readonly draft: ConnectionDraft;
  readonly onChange: (part: Partial<ConnectionDraft>) => void;
}

function ProtocolChoice({ draft, onChange }: ProtocolChoiceProps) {
  const id = useId();
  return (
    <FormControl>
      <FormLabel id={id}>Protocol</FormLabel>
      <RadioGroup
        row
        aria-labelledby={id}
        value={draft.protocol}
        onChange={(_, protocol) => onChange({ protocol: protocol === 'saml' ? 'saml' : 'oidc' })}
      >
        <FormControlLabel value="oidc" control={<Radio />} label="OpenID Connect" />
        <FormControlLabel value="saml" control={<Radio />} label="SAML 2.0" />
      </RadioGroup>
      <Typography color="textSecondary">
        It cannot be changed later. The addresses to enter at the provider are shown once the connection is made: they
        hold its id.
      </Typography>
    </FormControl>
  );
}
