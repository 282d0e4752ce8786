import { canonicalRegistry, dockerHub, InvalidReference } from '@pullgate/policy';
import { useQuery } from '@tanstack/react-query';
import { Field } from '../components/form.tsx';
import { knownRegistryQuery } from '../registry-access/registry-access-queries.ts';
import type { Namespace } from './namespace-queries.ts';

interface NamespaceFieldsProps {
  readonly org: string;
  readonly value: Namespace;
  readonly onChange: (value: Namespace) => void;
  /** Of the request. */
  readonly error: Error | null;
}

/** Which namespace, on which registry. */
export function NamespaceFields({ org, value, onChange, error }: NamespaceFieldsProps) {
  const { registry, namespace } = value;
  return (
    <>
      <Field
        label="Registry"
        value={registry}
        onChange={(next) => onChange({ ...value, registry: next })}
        error={error}
        field="registry"
        helperText={<RegistryHint org={org} registry={registry} />}
        required
        slotProps={{ htmlInput: asName }}
      />
      <Field
        label="Namespace"
        placeholder={org}
        value={namespace}
        onChange={(next) => onChange({ ...value, namespace: next })}
        error={error}
        field="namespace"
        helperText={`The first part of repository names: ${org} in ${org}/web.`}
        required
        slotProps={{ htmlInput: asName }}
      />
    </>
  );
}

/** No sentences: browsers neither correct them nor begin them with a capital. */
export const asName = { autoCapitalize: 'none', spellCheck: false } as const;

/** What is typed as it is sent. */
export function trimmed({ registry, namespace }: Namespace): Namespace {
  return { registry: registry.trim(), namespace: namespace.trim() };
}

function RegistryHint({ org, registry }: { readonly org: string; readonly registry: string }) {
  const host = hostOf(registry);
  const { data: isKnown } = useQuery({ ...knownRegistryQuery(org, host ?? dockerHub), enabled: host !== undefined });
  if (host === undefined) return 'The host of a registry, such as docker.io or ghcr.io.';
  if (isKnown === false) return `${host} is not in this gate’s configuration: who runs it adds it there first.`;
  return host === dockerHub ? 'docker.io is Docker Hub.' : `${host}, with its port if it has one.`;
}

function hostOf(text: string): string | undefined {
  try {
    return canonicalRegistry(text.trim());
  } catch (error) {
    if (error instanceof InvalidReference) return undefined;
    throw error;
  }
}
