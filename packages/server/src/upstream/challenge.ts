/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** By lower-case name; quoted strings are unquoted. */
  readonly parameters: ReadonlyMap<string, string>;
}

const maxLength = 8 * 1024;
const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const token68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const equals = /[ \t]*=[ \t]*/y;
const quoted = /"((?:[^"\\]|\\.)*)"/y;
const separators = /[ \t,]*/y;
const spaces = / +/y;

/**
 * Reads the challenges of a `WWW-Authenticate` header (RFC 9110, section 11.6.1), several header lines as an array.
 * Commas separate both challenges and parameters, and occur inside quoted strings (`scope="repository:a:pull,push"`),
 * so the header cannot be split at them. A header that does not follow the grammar gives no challenge at all.
 */
export function parseChallenges(header: string | readonly string[] | undefined): Challenge[] {
  if (header === undefined) return [];
  const text = typeof header === 'string' ? header : header.join(', ');
  return text.length > maxLength ? [] : readChallenges(text);
}

function readChallenges(text: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };

  while (take(separators) !== null && at < text.length) {
    const name = take(token)?.[0];
    if (name === undefined) return [];
    const current = challenges.at(-1);
    if (current !== undefined && take(equals) !== null) {
      const value = take(quoted)?.[1]?.replace(/\\(.)/g, '$1') ?? take(token)?.[0];
      if (value === undefined || current.parameters.has(name.toLowerCase())) return [];
      current.parameters.set(name.toLowerCase(), value);
      continue;
    }
    challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
    if (take(spaces) !== null) take(token68);
  }
  return challenges;
}
