import type { ActivityBody } from '@pullgate/contract';

type Details = ActivityBody['before'];

/** One setting that is not what it was. */
export interface Change {
  /** Dotted: `allow.community`. */
  readonly name: string;
  /** What went away, in words: of a list only what it lost. */
  readonly before: readonly string[];
  /** What came. */
  readonly after: readonly string[];
}

/** What differs between before and after, by name. What is the same in both is left out. */
export function changesBetween(before: Details, after: Details): readonly Change[] {
  const old = new Map(flattened(before));
  const young = new Map(flattened(after));
  const names = new Set([...old.keys(), ...young.keys()]);
  return [...names]
    .map((name) => ({ name, ...difference(old.get(name), young.get(name)) }))
    .filter((change) => change.before.length > 0 || change.after.length > 0);
}

/** For people: `allow · community`. */
export function settingName(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll('_', ' ')
    .replaceAll('.', ' · ');
}

function difference(before: unknown, after: unknown): Omit<Change, 'name'> {
  const old = wordsOf(before);
  const young = wordsOf(after);
  return { before: old.filter((word) => !young.includes(word)), after: young.filter((word) => !old.includes(word)) };
}

function flattened(value: unknown, name = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return name === '' ? [] : [[name, value]];
  return Object.entries(value).flatMap(([key, part]) => flattened(part, name === '' ? key : `${name}.${key}`));
}

function wordsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? value.map(wordOf) : [wordOf(value)];
}

function wordOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(wordOf).join(' ');
  return Object.entries(value)
    .map(([key, part]) => `${key} ${wordOf(part)}`)
    .join(', ');
}
