import { figure, type Result } from './bench.ts';

export function verdictOf({ measured, target }: Result): 'ok' | 'short' | 'skipped' {
  if (measured === undefined) return 'skipped';
  const reached = 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost;
  return reached ? 'ok' : 'short';
}

/** The results for people, under a line that says where they were taken. */
export function table(results: readonly Result[], heading: string): string {
  const lines = [
    ['', 'measured', 'target', '', ''],
    ...results.map((result) => [
      result.name,
      result.measured === undefined ? '–' : `${figure(result.measured)} ${result.unit}`,
      targetText(result),
      verdictOf(result),
      result.detail,
    ]),
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [heading, '', ...text].join('\n');
}

function targetText({ target, unit }: Result): string {
  return 'atLeast' in target ? `≥ ${figure(target.atLeast)} ${unit}` : `≤ ${figure(target.atMost)} ${unit}`;
}
