import { dockerHub } from '@pullgate/policy';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { Form } from '../components/form.tsx';
import { NamespaceFields, trimmed } from './namespace-fields.tsx';
import { type Namespace, useClaim } from './namespace-queries.ts';

interface AssignNamespaceProps {
  readonly org: string;
  readonly isOwner: boolean;
}

/** Administrators of the installation vouch for a namespace: nothing is asked of the registry. */
export function AssignNamespace({ org, isOwner }: AssignNamespaceProps) {
  const [place, setPlace] = useState<Namespace>({ registry: dockerHub, namespace: '' });
  const assign = useClaim(
    org,
    isOwner,
    () => client.assignNamespace({ params: { org, ...trimmed(place) } }),
    () => setPlace({ ...place, namespace: '' }),
  );
  return (
    <Form mutation={assign} action="Assign" isQuiet>
      <NamespaceFields org={org} value={place} onChange={setPlace} error={assign.error} />
    </Form>
  );
}
