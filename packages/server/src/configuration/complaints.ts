import type { ConfigurationProblem } from './configuration-error.ts';
import type { ConfigurationDocument, Path } from './document.ts';
import type { Overridden } from './environment.ts';

/** Something wrong with a setting, before it is known which file or variable it came from. */
export interface Complaint {
  readonly path: Path;
  /** Which of the two is wrong, and is pointed at. */
  readonly part: 'key' | 'value';
  readonly expected: string;
  /** What stands there, unless that itself tells it best. */
  readonly found?: string;
}

export type Complain = (complaint: Complaint) => void;

/** Says where the setting stands: in the environment when that overrides it, else at its place in the file. */
export function located(
  complaint: Complaint,
  settings: Overridden,
  document: ConfigurationDocument | undefined,
  source: string,
): ConfigurationProblem {
  const { path, part, expected } = complaint;
  const found = complaint.found ?? describe(valueAt(settings.value, path), path);
  const variable = settings.variableOf(path);
  const position = variable === undefined ? document?.locate(path, part) : undefined;
  return {
    source: variable ?? source,
    line: position?.line,
    column: position?.column,
    setting: path.join('.'),
    expected,
    found,
  };
}

function valueAt(settings: unknown, path: Path): unknown {
  let value = settings;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

const longestShown = 80;

/** What somebody wrote, short, and without what may be a secret. */
function describe(value: unknown, path: Path): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (mayBeSecret(path)) return `a ${typeof value === 'string' ? 'text' : typeof value} (not shown)`;
  if (typeof value !== 'string') return String(value);
  const shown = value.replace(/\/\/[^/]*@/, '//[secret]@');
  return JSON.stringify(shown.length > longestShown ? `${shown.slice(0, longestShown)}…` : shown);
}

/** A password that was written where only its place belongs, or within an address. */
function mayBeSecret(path: Path): boolean {
  const last = path.at(-1);
  return path.includes('password') || last === 'secret' || (last === 'url' && addressesWithSecrets.has(path[0]));
}

const addressesWithSecrets: ReadonlySet<string | number | undefined> = new Set(['database', 'activity']);
