import { z } from 'zod';

const maxPage = 1_000_000;
const beyond = 'What is larger than the maximum counts as the maximum.';

/**
 * A whole number in an address or a path. What is too large or too small is taken for the nearest that fits, and what is
 * no number for the default: scripts ask for 10000 per page, and Docker Hub does not refuse them.
 */
function clamped(min: number, max: number, fallback: number, description: string) {
  const clamp = (given: number | string) => {
    const number = typeof given === 'string' && given.trim() === '' ? Number.NaN : Math.trunc(Number(given));
    return Number.isNaN(number) ? fallback : Math.min(Math.max(number, min), max);
  };
  return z.preprocess(clamp, z.int().min(min).max(max)).default(fallback).meta({ description, default: fallback });
}

/** `page` and `page_size`. */
export function pageQuery<Filters extends z.ZodRawShape>(
  filters: Filters,
  { pageSize = 100, maxPageSize = 1000 }: { readonly pageSize?: number; readonly maxPageSize?: number } = {},
) {
  return z.object({
    ...filters,
    page: clamped(1, maxPage, 1, 'From 1.'),
    page_size: clamped(1, maxPageSize, pageSize, beyond),
  });
}

const next = z
  .string()
  .nullable()
  .describe('The whole address of the next page, on the host and port that the caller used; null on the last page.');
const previous = z.string().nullable();

/** Docker Hub's page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ count: z.int().describe('Of all pages.'), next, previous, results: z.array(item) });
}

/** Docker Hub's page of organization access tokens, which alone says `total`. */
export function totalPageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ total: z.int().describe('Of all pages.'), next, previous, results: z.array(item) });
}

const maxCursor = 1024;

/** Of what only grows: records and activity, newest first. What comes in while somebody pages does not shift the pages. */
export function cursorQuery<Filters extends z.ZodRawShape>(filters: Filters) {
  return z.object({
    ...filters,
    cursor: z.string().max(maxCursor).optional().describe('`next_cursor` of the page before; the newest when absent.'),
    limit: clamped(1, 1000, 50, beyond),
  });
}

export function cursorPageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    results: z.array(item),
    next_cursor: z.string().nullable().describe('Pass it as `cursor` for what is older; null on the last page.'),
  });
}

/** `true` and `1`, `false` and `0`; what is empty counts as true, as in `?invites`. */
export const flag = z.preprocess((given: boolean | string) => {
  if (given === 'true' || given === '1' || given === '') return true;
  return given === 'false' || given === '0' ? false : given;
}, z.boolean());

/** A whole number in a path. */
export function pathNumber(min: number, max: number) {
  return z.preprocess(
    (given: number | string) => (typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given),
    z.int().min(min).max(max),
  );
}

/** How exports are written: RFC 4180 with a header, or one JSON document a line. */
export const exportFormat = z.enum(['csv', 'jsonl']).default('csv');
export const exportMediaTypes = ['text/csv', 'application/jsonl'] as const;
