import type { Listed } from './provisioned.ts';

/** What is told whatever is asked for: RFC 7643 section 7, `returned`. */
const always: ReadonlySet<string> = new Set(['schemas', 'id']);

/**
 * Leaves of each resource what a comma-separated list of attributes names (RFC 7644 section 3.9), in any case and with or
 * without the name of their schema. Of what has parts, all of them are told.
 */
export function onlyAttributes<Resource extends object>(
  list: Listed<Resource>,
  attributes: string | undefined,
): Listed<Partial<Resource>> {
  if (attributes === undefined || attributes.trim() === '') return list;
  const wanted = new Set(attributes.split(',').map(topLevel));
  const isTold = ([name]: [string, unknown]) => always.has(name) || wanted.has(name.toLowerCase());
  const partOf = (resource: Resource) =>
    Object.fromEntries(Object.entries(resource).filter(isTold)) as Partial<Resource>;
  return { ...list, Resources: list.Resources.map(partOf) };
}

/** `urn:…:User:name.givenName` is part of `name`. */
function topLevel(attribute: string): string {
  const [name = ''] = attribute
    .trim()
    .replace(/^urn:.*:/i, '')
    .split('.');
  return name.toLowerCase();
}
