import type { Endpoint } from '@pullgate/contract';
import { type Field, fieldsOf } from './fields.ts';
import { flagOf } from './options.ts';

/** How the parts of a request are said on the command line. */
export interface RequestShape {
  /** `--org`, in every command that has one. */
  readonly hasOrganization: boolean;
  /** Everything else of the path, as arguments in its order. */
  readonly positionals: readonly Field[];
  readonly query: readonly Field[];
  readonly body: readonly Field[];
  /** The answer is a page, and tells whether there is a next one. */
  readonly isPaged: boolean;
}

export function requestShapeOf({ path, params, query, body, success }: Endpoint): RequestShape {
  const order = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name);
  const inPath = (params ? fieldsOf(params) : []).toSorted(
    (a, b) => order.indexOf(a.path[0]) - order.indexOf(b.path[0]),
  );
  const isOrganization = ({ path: [name] }: Field) => name === 'org';
  return {
    hasOrganization: inPath.some(isOrganization),
    positionals: inPath.filter((field) => !isOrganization(field)),
    query: query ? fieldsOf(query) : [],
    body: body ? fieldsOf(body) : [],
    isPaged: isPage(success.schema),
  };
}

function isPage(schema: Endpoint['success']['schema']): boolean {
  const { shape = {} } = (schema ?? {}) as { readonly shape?: object };
  return 'next' in shape || 'next_cursor' in shape;
}

/** What the command line calls a field of the request, by its name there: `allowlist.add`, `invitees.0`. */
export function nameIn({ hasOrganization, positionals, query, body }: RequestShape, name: string): string {
  if (hasOrganization && name === 'org') return '--org';
  const isNamed = ({ path }: Field) => `${name}.`.startsWith(`${path.join('.')}.`);
  if (positionals.some(isNamed)) return `<${name}>`;
  const field = [...query, ...body].find(isNamed);
  return field === undefined || field.isSecret ? name : flagOf(field);
}
