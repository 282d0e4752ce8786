import { styleText } from 'node:util';
import type { Shell, Stream } from '../shell.ts';

type Paint = (text: string) => string;

/** Colours and weights, or the bare text where nobody sees them: in a pipe, a file, or with NO_COLOR set. */
export interface Style {
  readonly good: Paint;
  readonly bad: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

const plain: Style = { good: same, bad: same, faint: same, strong: same };

export function styleFor(stream: Stream, env: Shell['env']): Style {
  // https://no-color.org: any value that is not empty.
  if (!stream.isTTY || env['NO_COLOR'] || env['TERM'] === 'dumb') return plain;
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    styleText(format, text, { validateStream: false });
  return { good: paint('green'), bad: paint('red'), faint: paint('dim'), strong: paint('bold') };
}

function same(text: string): string {
  return text;
}
