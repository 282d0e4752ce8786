/** From `start` up to but without `end`. */
export interface ResolvedRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Resolves a Range header against a size in bytes (RFC 9110 section 14.1.2). Undefined means the whole content: no
 * range, or one that may be ignored (several ranges, other units).
 */
export function resolveRange(header: string | undefined, size: number): ResolvedRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  return start < end ? { start, end } : 'unsatisfiable';
}
