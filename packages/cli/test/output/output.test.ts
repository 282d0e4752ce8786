import { describe, expect, test } from 'vitest';
import { oneLine } from '../../src/output/one-line.ts';
import { createOutput } from '../../src/output/output.ts';
import { withProgress } from '../../src/output/progress.ts';
import { pairs, table } from '../../src/output/table.ts';
import { capturingShell } from '../capturing-shell.ts';

const escapeSequence = '\u001b[';

describe('colours', () => {
  test.each<[string, boolean, Record<string, string>, boolean]>([
    ['on a terminal', true, {}, true],
    ['not in a pipe', false, {}, false],
    ['not in a pipe, whatever is forced on other programs', false, { FORCE_COLOR: '1' }, false],
    ['not with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['but with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['not on a terminal that knows none', true, { TERM: 'dumb' }, false],
  ])('%s', (_, isTTY, env, coloured) => {
    const shell = capturingShell({ isTTY, env });
    createOutput(shell, false).result({}, ({ good }) => good('allowed'));
    expect(shell.stdout.text.includes(escapeSequence)).toBe(coloured);
    expect(shell.stdout.text).toContain('allowed');
  });
});

describe('what goes where', () => {
  test('the result to stdout, hints to stderr', () => {
    const shell = capturingShell();
    const output = createOutput(shell, false);
    output.result({ a: 1 }, () => 'for people');
    output.hint('by the way');
    expect([shell.stdout.text, shell.stderr.text]).toEqual(['for people\n', 'by the way\n']);
  });

  test('with --json one document, and no hints', () => {
    const shell = capturingShell();
    const output = createOutput(shell, true);
    output.result({ a: 1 }, () => 'for people');
    output.hint('by the way');
    expect(JSON.parse(shell.stdout.text)).toEqual({ a: 1 });
    expect(shell.stderr.text).toBe('');
  });
});

test('a table lines up and has no trailing blanks', () => {
  expect(
    table(
      ['id', 'label'],
      [
        ['1', 'laptop'],
        ['22', ''],
      ],
    ),
  ).toBe('ID  LABEL\n1   laptop\n22');
  expect(
    pairs([
      ['Image', 'nginx'],
      ['By', 'acme'],
    ]),
  ).toBe('Image  nginx\nBy     acme');
});

test.each([
  ['a colour', '\u001b[31mred', '?[31mred'],
  ['a new line, which would look like another row', 'a\nb', 'a?b'],
  ['text that runs backwards', 'exe\u202egpj', 'exe?gpj'],
  ['what cannot be seen', 'admin\u200b', 'admin?'],
  ['letters of any language', 'Zoë 東京', 'Zoë 東京'],
])('%s from outside does not move the terminal', (_, text, shown) => {
  expect(oneLine(text)).toBe(shown);
});

describe('the progress display', () => {
  test('gives the result, and says nothing when it is quick', async () => {
    const shell = capturingShell({ isTTY: true });
    expect(await withProgress(shell, 'Working', Promise.resolve(7))).toBe(7);
    expect(shell.stderr.text).toBe('');
  });

  test('lets a failure through', async () => {
    const shell = capturingShell({ isTTY: true });
    await expect(withProgress(shell, 'Working', Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
