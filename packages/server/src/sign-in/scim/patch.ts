import { ScimError } from './scim-error.ts';

export interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path?: string | undefined;
  readonly value?: unknown;
}

/** One attribute that is to be changed: without a schema before it, in lower case. */
export interface AttributeChange {
  readonly op: Operation['op'];
  readonly attribute: string;
  /** `value eq "…"` of `members[value eq "…"]`. */
  readonly filter: string | undefined;
  readonly value: unknown;
}

const path = /^(?:urn:[\w.:-]+:(?=[A-Za-z]))?(?<attribute>[A-Za-z][\w.$-]*)(?:\[(?<filter>[^\]]*)\](?:\.[\w$-]+)?)?$/;

/** RFC 7644 section 3.5.2. Without a path, the value names the attributes. @throws ScimError */
export function changesOf(operations: readonly Operation[]): readonly AttributeChange[] {
  return operations.flatMap(({ op, path: written, value }) => {
    if (written !== undefined) {
      const { attribute, filter } = path.exec(written)?.groups ?? {};
      if (attribute === undefined) throw new ScimError(400, `The path ${written} was not understood.`, 'invalidPath');
      return [{ op, attribute: attribute.toLowerCase(), filter, value }];
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ScimError(400, 'An operation without a path has an object as its value.', 'invalidSyntax');
    }
    return Object.entries(value).flatMap(([name, inner]) => flat(op, name.toLowerCase(), inner));
  });
}

/** `name: { givenName: … }` says the same as `name.givenName: …`. */
function flat(op: Operation['op'], attribute: string, value: unknown): AttributeChange[] {
  if (attribute === 'name' && typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([part, inner]) => ({
      op,
      attribute: `name.${part.toLowerCase()}`,
      filter: undefined,
      value: inner,
    }));
  }
  return [{ op, attribute, filter: undefined, value }];
}

/** Some providers write flags as text. @throws ScimError */
export function flagOf(value: unknown): boolean {
  // As the only value of a list, too (Entra).
  const [one] = Array.isArray(value) ? value : [value];
  const told = typeof one === 'object' && one !== null && 'value' in one ? one.value : one;
  if (typeof told === 'boolean') return told;
  if (typeof told === 'string' && /^(?:true|false)$/i.test(told)) return told.toLowerCase() === 'true';
  throw new ScimError(400, 'active is true or false.', 'invalidValue');
}

/** @throws ScimError */
export function textOf(value: unknown): string {
  if (typeof value === 'string' && value.length <= 1000) return value;
  throw new ScimError(400, 'This attribute is a text of at most 1000 characters.', 'invalidValue');
}
