import Table from 'cli-table3';

const noBorders = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((part) => [part, '']),
);

/** A cell's text may be styled by the command; text that comes from outside passes `oneLine` first. */
export type Cell = string;

/** Columns that line up, without borders: easy to read, and to cut with `awk`. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const style = { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 };
  const grid = new Table({ head: head.map((title) => title.toUpperCase()), chars: noBorders, style });
  grid.push(...rows.map((row) => [...row]));
  return trimmed(grid.toString());
}

/** Names and values side by side. */
export function pairs(rows: readonly (readonly [string, Cell])[]): string {
  const style = { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 };
  const grid = new Table({ chars: noBorders, style });
  grid.push(...rows.map((row) => [...row]));
  return trimmed(grid.toString());
}

function trimmed(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
