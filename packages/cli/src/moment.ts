import { parseDuration } from '@pullgate/server';
import { InvalidArgumentError, Option } from 'commander';
import { usage } from './failure.ts';

const written = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** An option that takes a day (of UTC), a time, or how long ago, and gives milliseconds since 1970. */
export function momentOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseMoment);
}

/** A span that ends before it begins has nothing in it, which would look like an answer. */
export function requireSpan(from: number | undefined, to: number | undefined): void {
  if (from !== undefined && to !== undefined && from > to) throw usage('--from is later than --to.');
}

/** Milliseconds since 1970. */
export function parseMoment(text: string): number {
  const time = written.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  const ago = parseDuration(text.replace(/ ago$/, ''));
  if (ago !== undefined) return Date.now() - ago;
  throw new InvalidArgumentError('It is a day (2026-11-01), a time (2026-11-01T08:00:00Z), or how long ago (7d).');
}
