import { z } from 'zod';

/** A time in answers: RFC 3339, UTC, with microseconds as Docker Hub writes them. Absent times are null, never empty. */
export const time = z.iso.datetime().meta({ examples: ['2026-03-18T21:15:40.504000Z'] });

/** @param at milliseconds since 1970 */
export function formatTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z');
}

/** An instant as somebody wrote it. The text is given back byte for byte: Terraform takes any other spelling for a change. */
export interface WrittenTime {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const howToWrite = 'A time is written as in RFC 3339, such as 2027-12-31T23:59:59Z.';

/** RFC 3339 with any offset and precision. */
export const writtenTime = z.iso
  .datetime({ offset: true, error: howToWrite })
  .max(64)
  .transform((text): WrittenTime => ({ text, at: Date.parse(text) }));

/** When a token ends. Absent, null and empty all mean never; Terraform's provider writes an unset time as empty. */
export const expiry = z
  .union([z.literal('').transform(() => null), writtenTime], howToWrite)
  .nullish()
  .transform((given) => given ?? null);

/** From or to in a filter: milliseconds since 1970. */
export const instant = writtenTime.transform(({ at }) => at);
