import type { ByteRange } from '../content/content.ts';

const single = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * Resolves a Range header against a size in bytes (RFC 9110 section 14). Several ranges and units that are not bytes
 * are ignored, as the standard allows: the whole is answered instead.
 */
export function resolveRange(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = header === undefined ? null : single.exec(header);
  const [, first = '', last = ''] = match ?? [];
  if (!match || (first === '' && last === '')) return 'whole';
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first === '' && Number(last) === 0) return 'unsatisfiable';
  return start > end || start >= size ? 'unsatisfiable' : { start, end };
}
