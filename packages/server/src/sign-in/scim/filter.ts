import { ScimError } from './scim-error.ts';

/** Attributes by their names in lower case; several values for what is a list. */
export type Attributes = Readonly<Record<string, string | boolean | readonly string[]>>;
export type Filter = (attributes: Attributes) => boolean;

const token = /\s*(?:(?<text>"(?:[^"\\]|\\.)*")|(?<mark>[()])|(?<word>[^\s()"]+))/y;
const maxTokens = 100;

/**
 * Parses a filter (RFC 7644 section 3.4.2.2) with `eq`, `ne`, `co`, `sw`, `ew`, `pr`, `and`, `or`, `not` and parentheses.
 * Names, operators and texts are compared without regard to case, as identity providers expect of user names.
 *
 * @throws ScimError
 */
export function parseFilter(text: string): Filter {
  const tokens = tokensOf(text);
  let place = 0;

  const peek = () => tokens[place];
  const isNext = (word: string) => peek()?.toLowerCase() === word;
  function take(): string {
    const next = tokens[place++];
    if (next === undefined) throw invalid();
    return next;
  }

  function disjunction(): Filter {
    let left = conjunction();
    while (isNext('or')) {
      place++;
      const [one, other] = [left, conjunction()];
      left = (attributes) => one(attributes) || other(attributes);
    }
    return left;
  }

  function conjunction(): Filter {
    let left = factor();
    while (isNext('and')) {
      place++;
      const [one, other] = [left, factor()];
      left = (attributes) => one(attributes) && other(attributes);
    }
    return left;
  }

  function factor(): Filter {
    if (isNext('not')) {
      place++;
      const inner = factor();
      return (attributes) => !inner(attributes);
    }
    if (peek() !== '(') return comparison();
    place++;
    const inner = disjunction();
    if (take() !== ')') throw invalid();
    return inner;
  }

  function comparison(): Filter {
    const name = take().toLowerCase();
    const operator = take().toLowerCase();
    if (operator === 'pr') return (attributes) => valuesOf(attributes, name).some((value) => value !== '');
    const compare = comparisons[operator];
    if (compare === undefined) throw invalid();
    const wanted = wantedValue(take());
    if (operator === 'ne') return (attributes) => !valuesOf(attributes, name).includes(wanted);
    return (attributes) => valuesOf(attributes, name).some((value) => compare(value, wanted));
  }

  const filter = disjunction();
  if (place < tokens.length) throw invalid();
  return filter;
}

const comparisons: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  eq: (value, wanted) => value === wanted,
  ne: (value, wanted) => value !== wanted,
  co: (value, wanted) => value.includes(wanted),
  sw: (value, wanted) => value.startsWith(wanted),
  ew: (value, wanted) => value.endsWith(wanted),
};

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  const rest = text.trimEnd();
  token.lastIndex = 0;
  while (token.lastIndex < rest.length) {
    const found = token.exec(rest)?.[0];
    if (found === undefined || tokens.length === maxTokens) throw invalid();
    tokens.push(found.trim());
  }
  return tokens;
}

function wantedValue(written: string): string {
  if (!written.startsWith('"')) return written.toLowerCase();
  try {
    return String(JSON.parse(written)).toLowerCase();
  } catch {
    throw invalid();
  }
}

/** A list is asked as `emails` and as `emails.value`. */
function valuesOf(attributes: Attributes, name: string): readonly string[] {
  const value = attributes[name] ?? attributes[name.replace(/\.value$/, '')];
  if (value === undefined) return [];
  if (typeof value === 'object') return value.map((one) => one.toLowerCase());
  return [String(value).toLowerCase()];
}

function invalid(): ScimError {
  return new ScimError(
    400,
    'The filter was not understood. Write for example: userName eq "bob@acme.dev"',
    'invalidFilter',
  );
}
