import type { TokenResource } from '../principal.ts';
import { splitHost } from './familiar-name.ts';
import { checkPath } from './grammar.ts';
import { InvalidReference, shown } from './invalid-reference.ts';
import { canonicalRegistry, dockerHub } from './registry.ts';
import { repositoryOf } from './repository.ts';

/** Docker's spelling of every public repository. */
const everyPublic = '*/*/public';
const below = '/*';

/**
 * Parses what an organization access token may pull, in Docker's spelling: a repository (`acme/web`), all below a
 * namespace (`acme/*`, `ghcr.io/acme/*`), or every public repository. A whole registry is none of these: a token that
 * pulls everything is not limited at all. Throws `InvalidReference`.
 */
export function parseTokenResource(text: string): TokenResource {
  if (text === everyPublic) return { kind: 'public' };
  const { host, remainder } = splitHost(text);
  const registry = canonicalRegistry(host ?? dockerHub);
  if (remainder.endsWith(below)) {
    const namespace = remainder.slice(0, -below.length);
    checkPath(namespace, text);
    return { kind: 'prefix', prefix: `${registry}/${namespace}/` };
  }
  if (remainder === '*' || (registry === dockerHub && !remainder.includes('/'))) throw invalidResource(text);
  checkPath(remainder, text);
  return { kind: 'repository', name: repositoryOf(registry, remainder).name };
}

function invalidResource(text: string): InvalidReference {
  return new InvalidReference(
    'invalid-resource',
    `${shown(text)} is not a resource of an access token. Write a repository like acme/web, all of a namespace like acme/*, or ${everyPublic}.`,
  );
}
