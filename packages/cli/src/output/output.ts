import type { Shell } from '../shell.ts';
import { type Style, styleFor } from './style.ts';

/** Where a command's words go: the result to stdout, once; talk to stderr. */
export interface Output {
  readonly isJson: boolean;
  /** For what is written to stdout. */
  readonly style: Style;
  /** One JSON document, or the same as text for people. */
  result(document: unknown, text: (style: Style) => string): void;
  /** What helps a person and disturbs a script: on stderr, and not with `--json`. */
  hint(text: string): void;
}

export function createOutput(shell: Shell, isJson: boolean): Output {
  const style = styleFor(shell.stdout, shell.env);
  return {
    isJson,
    style,
    result: (document, text) => {
      shell.stdout.write(`${isJson ? JSON.stringify(document, null, 2) : text(style)}\n`);
    },
    hint: (text) => {
      if (!isJson) shell.stderr.write(`${text}\n`);
    },
  };
}
