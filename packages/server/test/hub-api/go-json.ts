/**
 * Reads a value as Go's `encoding/json` fills a field of that type: `null` and what is absent leave its zero value, what
 * is of another type fails the whole answer, and what no field asks for is skipped.
 */
export type Decoder<T> = (value: unknown, at: string) => T;

export type Decoded<D> = D extends Decoder<infer T> ? T : never;

function absent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function mismatch(value: unknown, at: string, type: string): Error {
  const kind = Array.isArray(value) ? 'array' : typeof value;
  return new Error(`json: cannot unmarshal ${kind} into Go struct field ${at} of type ${type}`);
}

export const goString: Decoder<string> = (value, at) => {
  if (absent(value)) return '';
  if (typeof value !== 'string') throw mismatch(value, at, 'string');
  return value;
};

export const goInt: Decoder<number> = (value, at) => {
  if (absent(value)) return 0;
  if (!Number.isSafeInteger(value)) throw mismatch(value, at, 'int64');
  return value as number;
};

export const goBool: Decoder<boolean> = (value, at) => {
  if (absent(value)) return false;
  if (typeof value !== 'boolean') throw mismatch(value, at, 'bool');
  return value;
};

/** A pointer: `null` stays `null`. */
export function goPointer<T>(to: Decoder<T>): Decoder<T | null> {
  return (value, at) => (absent(value) ? null : to(value, at));
}

export function goSlice<T>(of: Decoder<T>): Decoder<T[]> {
  return (value, at) => {
    if (absent(value)) return [];
    if (!Array.isArray(value)) throw mismatch(value, at, 'slice');
    return value.map((item, index) => of(item, `${at}[${index}]`));
  };
}

export function goStruct<Fields extends Record<string, Decoder<unknown>>>(
  fields: Fields,
): Decoder<{ [Name in keyof Fields]: Decoded<Fields[Name]> }> {
  return (value, at) => {
    if (!absent(value) && (typeof value !== 'object' || Array.isArray(value))) throw mismatch(value, at, 'struct');
    const given = (value ?? {}) as Record<string, unknown>;
    const entries = Object.entries(fields).map(([name, decode]) => [name, decode(given[name], `${at}.${name}`)]);
    return Object.fromEntries(entries) as { [Name in keyof Fields]: Decoded<Fields[Name]> };
  };
}
