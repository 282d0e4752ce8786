import { canonicalRegistry, dockerHub, isHostWithoutPort } from '@pullgate/policy';
import { usage } from './failure.ts';

export interface NamespaceName {
  readonly registry: string;
  readonly namespace: string;
}

/** Reads `acme` (on Docker Hub) or `ghcr.io/acme`. */
export function parseNamespace(text: string): NamespaceName {
  const [first = '', second, ...rest] = text.split('/');
  if (second === undefined && first !== '' && !isHostWithoutPort(first))
    return { registry: dockerHub, namespace: first };
  if (second !== undefined && second !== '' && rest.length === 0 && isHostWithoutPort(first)) {
    return { registry: canonicalRegistry(first), namespace: second };
  }
  throw usage('A namespace is written like docker.io/acme or ghcr.io/acme.');
}
