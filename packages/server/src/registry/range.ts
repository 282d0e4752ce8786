import type { ByteRange } from '../content/content.ts';

const single = /^bytes=(\d{0,15})-(\d{0,15})$/i;

/**
 * Resolves a Range header against a size in bytes (RFC 9110 section 14). Several ranges and units that are not bytes
 * are ignored, as the standard allows: the whole is answered instead. So are ranges of nothing: some clients ask for a
 * range of everything, and an empty blob has no part.
 */
export function resolveRange(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first = '', last = ''] = single.exec(header ?? '') ?? [];
  if (size === 0 || (first === '' && last === '')) return 'whole';
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start > end ? 'unsatisfiable' : { start, end };
}
