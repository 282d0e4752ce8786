import Typography from '@mui/material/Typography';
import { dockerHub } from '@pullgate/policy';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { Field, Form } from '../components/form.tsx';
import { asName, NamespaceFields, trimmed } from './namespace-fields.tsx';
import { type Namespace, useClaim } from './namespace-queries.ts';

const noProof = { repository: '', username: '', password: '' };

/** Owners claim what they can prove to control: by being able to push there. */
export function ClaimNamespace({ org }: { readonly org: string }) {
  const [place, setPlace] = useState<Namespace>({ registry: dockerHub, namespace: '' });
  const [proof, setProof] = useState(noProof);
  const { registry, namespace } = trimmed(place);
  const repository = proof.repository.trim();
  const claim = useClaim(
    org,
    true,
    () => {
      const whole = {
        repository: `${namespace}/${repository}`,
        username: proof.username.trim(),
        password: proof.password,
      };
      return client.claimNamespace({ params: { org }, body: { registry, namespace, proof: whole } });
    },
    () => {
      setPlace({ registry, namespace: '' });
      setProof(noProof);
    },
  );
  return (
    <Form mutation={claim} action="Prove and claim">
      <NamespaceFields org={org} value={place} onChange={setPlace} error={claim.error} />
      <Typography>
        Prove that the namespace is yours: name a repository in it, and an account of that registry that may push there
        and create repositories. The gate signs in once, begins two uploads, one of them to a name made up for it, and
        gives both up at once: nothing is pushed, and the account’s password is not kept.
      </Typography>
      <Field
        label="Repository in the namespace"
        placeholder="web"
        value={proof.repository}
        onChange={(next) => setProof({ ...proof, repository: next })}
        error={claim.error}
        field="proof.repository"
        helperText={repositoryHint(namespace, repository)}
        required
        slotProps={{ htmlInput: asName }}
      />
      <Field
        label="User name there"
        value={proof.username}
        onChange={(next) => setProof({ ...proof, username: next })}
        error={claim.error}
        field="proof.username"
        required
        autoComplete="off"
        slotProps={{ htmlInput: asName }}
      />
      <Field
        label="Password or access token there"
        type="password"
        value={proof.password}
        onChange={(next) => setProof({ ...proof, password: next })}
        error={claim.error}
        field="proof.password"
        helperText="Best an access token that may write, and that you remove there afterwards."
        required
        autoComplete="off"
      />
    </Form>
  );
}

function repositoryHint(namespace: string, repository: string): string {
  if (namespace === '' || repository === '') return 'It need not exist yet: being allowed to make it is enough.';
  return `The gate asks whether this account may push to ${namespace}/${repository}.`;
}
