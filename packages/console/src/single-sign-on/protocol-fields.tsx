import { Field } from '../components/form.tsx';
import type { ConnectionDraft } from './connection-draft.ts';

export interface DraftFieldsProps {
  readonly draft: ConnectionDraft;
  readonly onChange: (part: Partial<ConnectionDraft>) => void;
  /** Of the request. */
  readonly error: Error | null;
}

const asCode = { htmlInput: { autoCapitalize: 'none', spellCheck: false } } as const;

interface OidcFieldsProps extends DraftFieldsProps {
  /** A secret is kept already, and need not be given again. */
  readonly hasSecret: boolean;
}

/** What the identity provider says of the application that stands for this gate. */
export function OidcFields({ draft, onChange, error, hasSecret }: OidcFieldsProps) {
  return (
    <>
      <Field
        label="Issuer"
        type="url"
        placeholder="https://login.acme.example"
        value={draft.issuer}
        onChange={(issuer) => onChange({ issuer })}
        error={error}
        field="issuer"
        helperText="Its discovery document says the rest: the gate reads it when you save."
        required
        slotProps={asCode}
      />
      <Field
        label="Client ID"
        value={draft.clientId}
        onChange={(clientId) => onChange({ clientId })}
        error={error}
        field="oidc.client_id"
        required
        autoComplete="off"
        slotProps={asCode}
      />
      <Field
        label={hasSecret ? 'New client secret (optional)' : 'Client secret'}
        type="password"
        value={draft.clientSecret}
        onChange={(clientSecret) => onChange({ clientSecret })}
        error={error}
        field="oidc.client_secret"
        helperText={hasSecret ? 'Empty: the one that is kept stays.' : 'Never shown again.'}
        required={!hasSecret}
        autoComplete="off"
      />
      <Field
        label="Scopes"
        value={draft.scopes}
        onChange={(scopes) => onChange({ scopes })}
        error={error}
        field="oidc.scopes"
        helperText="Separated by spaces. Some providers list groups only for a scope of their own."
        required
        slotProps={asCode}
      />
    </>
  );
}

/** What the identity provider's metadata says. */
export function SamlFields({ draft, onChange, error }: DraftFieldsProps) {
  return (
    <>
      <Field
        label="Sign-in address of the identity provider"
        type="url"
        placeholder="https://login.acme.example/saml"
        value={draft.entryPoint}
        onChange={(entryPoint) => onChange({ entryPoint })}
        error={error}
        field="entry_point"
        helperText="Where the browser is sent to sign in: SingleSignOnService in its metadata."
        required
        slotProps={asCode}
      />
      <Field
        label="Entity ID of the identity provider"
        value={draft.entityId}
        onChange={(entityId) => onChange({ entityId })}
        error={error}
        field="entity_id"
        required
        slotProps={asCode}
      />
      <Field
        label="Signing certificate of the identity provider"
        placeholder="-----BEGIN CERTIFICATE-----"
        value={draft.certificate}
        onChange={(certificate) => onChange({ certificate })}
        error={error}
        field="certificate"
        helperText="In PEM form, with its BEGIN and END lines."
        required
        multiline
        minRows={3}
        maxRows={8}
        slotProps={asCode}
      />
    </>
  );
}
