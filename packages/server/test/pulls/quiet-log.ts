import type { RecorderLog } from '../../src/pulls/recorder.ts';

/** Keeps what it is told. */
export function quietLog(): RecorderLog & { readonly lines: [level: string, details: object, message: string][] } {
  const lines: [string, object, string][] = [];
  const keep = (level: string) => (details: object, message: string) => void lines.push([level, details, message]);
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}
