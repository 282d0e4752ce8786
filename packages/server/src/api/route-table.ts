import type { Route } from '@pullgate/contract';

/** What a path of the API leads to. */
export type Match<Target> =
  | { readonly kind: 'found'; readonly target: Target; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  /** The path is the API's, but one of its parts reads differently once decoded: an encoded slash, a dot segment. */
  | { readonly kind: 'malformed' };

export interface RouteTable<Target> {
  /** Whether the path is the API's, whatever the method. The registry gets every path under `/v2/` that is not. */
  has(path: string): boolean;
  match(method: string, path: string): Match<Target> | undefined;
}

export interface Line<Target> extends Route {
  readonly target: Target;
}

interface Pattern<Target> {
  readonly line: Line<Target>;
  readonly segments: readonly string[];
  /** The last parameter takes one segment or more: `{repository+}`. */
  readonly open: boolean;
}

/** `{org}`, `{repository+}` */
const parameter = /^\{(\w+)\+?\}$/;
/** What the part of a path that a parameter stands for may not hold once it is decoded. */
const unsafe = /[/\\\p{Cc}]/u;
/** How every path of the registry ends (OCI distribution-spec 1.1). Whatever ends so is a pull before it is a lookup. */
const registryEnd = /^(?:manifests|blobs|referrers)\/[^/]+$|^tags\/list$/;

/**
 * Matches raw paths, before anybody decodes or folds them: with `//`, `%2F`, `..` and `\` two readers of one path could
 * otherwise see two different ones. Fixed segments are compared byte for byte, parameters are decoded once and may not
 * hold what divides paths. One trailing slash is stripped: clients use both forms, also of one resource.
 *
 * Where two lines fit, a fixed segment goes before a parameter, and otherwise the first line.
 */
export function createRouteTable<Target>(lines: readonly Line<Target>[]): RouteTable<Target> {
  const byFirst = new Map<string, Pattern<Target>[]>();
  for (const line of lines) {
    const segments = line.path.slice(1).split('/');
    const pattern = { line, segments, open: line.path.endsWith('+}') };
    const key = keyOf(line.path);
    byFirst.set(key, [...(byFirst.get(key) ?? []), pattern]);
  }
  for (const patterns of byFirst.values()) patterns.sort(byPrecedence);

  function fitting(path: string): { segments: readonly string[]; patterns: readonly Pattern<Target>[] } {
    const patterns = byFirst.get(keyOf(path));
    if (patterns === undefined || !path.startsWith('/')) return { segments: [], patterns: [] };
    const segments = (path.endsWith('/') ? path.slice(1, -1) : path.slice(1)).split('/');
    return { segments, patterns: patterns.filter((pattern) => fits(pattern, segments)) };
  }

  return {
    has: (path) => fitting(path).patterns.length > 0,
    match(method, path) {
      const { segments, patterns } = fitting(path);
      if (patterns.length === 0) return undefined;
      const pattern = choose(patterns, method);
      if (!pattern) return { kind: 'method-not-allowed', allow: allowedMethods(patterns.map(({ line }) => line)) };
      const params = paramsOf(pattern, segments);
      return params ? { kind: 'found', target: pattern.line.target, params } : { kind: 'malformed' };
    },
  };
}

/** For the `Allow` header: every GET is answered as HEAD too. */
export function allowedMethods(routes: readonly Route[]): readonly string[] {
  const methods = new Set(routes.map(({ method }) => method));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}

/** `/v2/orgs/…` is told from `/v2/library/…` by one look-up, since every pull passes here. */
function keyOf(path: string): string {
  const start = path.startsWith('/v2/') ? 4 : 1;
  const end = path.indexOf('/', start);
  return end === -1 ? path : path.slice(0, end);
}

function fits<Target>({ segments: pattern, open }: Pattern<Target>, segments: readonly string[]): boolean {
  if (open ? segments.length < pattern.length : segments.length !== pattern.length) return false;
  if (open && registryEnd.test(segments.slice(-2).join('/'))) return false;
  if (segments.includes('')) return false;
  return pattern.every((part, index) => parameter.test(part) || part === segments[index]);
}

/** A HEAD says what a GET would. */
function choose<Target>(patterns: readonly Pattern<Target>[], method: string): Pattern<Target> | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method;
  return patterns.find(({ line }) => line.method === wanted);
}

function paramsOf<Target>(
  { segments: pattern, open }: Pattern<Target>,
  segments: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const name = parameter.exec(part)?.[1];
    if (name === undefined) continue;
    const isRest = open && index === pattern.length - 1;
    const values = (isRest ? segments.slice(index) : segments.slice(index, index + 1)).map(decode);
    if (!values.every((value) => value !== undefined)) return undefined;
    params[name] = values.join('/');
  }
  return params;
}

function decode(segment: string): string | undefined {
  try {
    const value = decodeURIComponent(segment);
    return value === '.' || value === '..' || unsafe.test(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function byPrecedence<Target>(one: Pattern<Target>, other: Pattern<Target>): number {
  for (const [index, part] of one.segments.entries()) {
    const difference = Number(parameter.test(part)) - Number(parameter.test(other.segments[index] ?? ''));
    if (difference !== 0) return difference;
  }
  return 0;
}
