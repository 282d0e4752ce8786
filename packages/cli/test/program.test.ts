import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram, run } from '../src/program.ts';
import { capturingShell } from './capturing-shell.ts';

const program = createProgram({ shell: capturingShell(), exitCode: 0 });

function leaves(command: Command, path: readonly string[] = []): { path: readonly string[]; command: Command }[] {
  if (command.commands.length === 0) return [{ path, command }];
  return command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
}

const all = leaves(program)
  .map(({ path, command }) => ({ name: path.join(' '), path, command }))
  // Made from the contract's table, and tested with it.
  .filter(({ path }) => path[0] !== 'api' && path[0] !== 'help');
const remote = ['login', 'logout'];

test('the commands', () => {
  expect(all.map(({ name }) => name)).toEqual([
    'serve',
    'init',
    'check',
    'policy show',
    'policy set',
    'policy preview',
    'token create',
    'token list',
    'token revoke',
    'member add',
    'member remove',
    'member role',
    'member list',
    'password',
    'namespace claim',
    'namespace release',
    'namespace list',
    'pulls tail',
    'pulls list',
    'pulls export',
    'pulls statistics',
    'pulls verify',
    'activity list',
    'activity export',
    'activity verify',
    'activity actions',
    'config check',
    ...remote,
  ]);
});

describe.each(all)('pullgate $name --help', ({ name, path, command }) => {
  test('shows examples of itself, that exist, and the exit codes', async () => {
    const shell = capturingShell();
    expect(await run([...path, '--help'], shell)).toBe(0);
    expect(shell.stderr.text).toBe('');
    const examples = [...shell.stdout.text.matchAll(/\$ pullgate (.*)/g)].map(([, line]) => line ?? '');
    expect(examples.length).toBeGreaterThan(0);
    const known = new Set(command.options.map(({ long }) => long));
    for (const example of examples) {
      expect(example.split(' ').slice(0, path.length)).toEqual(path);
      const flags = example.match(/--[a-z-]+/g) ?? [];
      expect(flags.filter((flag) => !known.has(flag))).toEqual([]);
    }
    const last = name === 'check' ? '3  the pull is refused' : '2  the command line is wrong';
    expect(shell.stdout.text).toContain(remote.includes(name) ? '8  the gate could not be reached' : last);
  });

  test('has the options that every command has', () => {
    expect(command.options.map(({ long }) => long)).toEqual(
      expect.arrayContaining(['--json', '--verbose', ...(remote.includes(name) ? [] : ['--config'])]),
    );
  });
});

test.each([
  [['policy', 'set'], 'Usage: pullgate policy set'],
  [['api', 'members'], 'Usage: pullgate api members'],
  [[], 'Usage: pullgate [options] [command]'],
])('help %j is the help of that command', async (words, text) => {
  const shell = capturingShell();
  expect(await run(['help', ...words], shell)).toBe(0);
  expect(shell.stdout.text).toContain(text);
  expect(shell.stderr.text).toBe('');
});

test.each([
  [['member', 'role'], /^Roles: member, editor, owner\./m],
  [['init'], /^ +--org <name> .*\(required\)$/m],
  [['init'], /^ +--owner <username> .*\(required\)$/m],
  [['pulls', 'tail'], /^ +--follow +wait for more until Ctrl-C \(default: true\)$/m],
])('%j --help says %s', async (path, text) => {
  const shell = capturingShell();
  expect(await run([...path, '--help'], shell)).toBe(0);
  expect(shell.stdout.text).toMatch(text);
});

test.each(['policy', 'api', 'api members'])('%s --help shows no other help than pullgate help', async (noun) => {
  const shell = capturingShell();
  expect(await run([...noun.split(' '), '--help'], shell)).toBe(0);
  expect(shell.stdout.text).not.toMatch(/^ +help /m);
});

test.each<[string, string[], number, string]>([
  ['help of what is no command', ['help', 'policy', 'sett'], 2, 'There is no command policy sett'],
  ['an action that is none', ['activity', 'list', '--action', 'org'], 2, 'There is no such action.'],
  ['two formats', ['pulls', 'export', '--json', '--format', 'csv'], 2, '--json is --format jsonl.'],
  ['two formats of the activity', ['activity', 'export', '--json', '--format', 'csv'], 2, '--json is --format jsonl.'],
  ['nothing', [], 2, 'Usage: pullgate'],
  ['an unknown command, with what was meant', ['polcy'], 2, 'Did you mean policy?'],
  ['a noun without a verb', ['policy'], 2, 'Usage: pullgate policy'],
  ['an unknown option, with what was meant', ['policy', 'set', '--enabel'], 2, 'Did you mean --enable?'],
  ['a missing argument', ['check'], 2, "missing required argument 'image'"],
  ['a missing option', ['init', '--org', 'acme'], 2, "'--owner <username>' not specified"],
  ['an argument too many', ['config', 'check', 'x'], 2, 'too many arguments'],
  ['a switch that is neither on nor off', ['policy', 'set', '--allowlist', 'yes'], 2, 'It is on or off.'],
  ['an unknown category', ['policy', 'set', '--allow', 'offical'], 2, 'offical is not a category'],
  ['a policy that is both on and off', ['policy', 'set', '--enable', '--disable'], 2, 'cannot be used with'],
  [
    'a category both allowed and refused',
    ['policy', 'set', '--allow', 'community', '--refuse', 'community'],
    2,
    'both',
  ],
  ['no change', ['policy', 'set', '--org', 'acme', '--json'], 2, 'Say what to change'],
  ['a token of nobody', ['token', 'create'], 2, '--user alice for a person, --org acme for an organization'],
  ['a token of two', ['token', 'create', '--user', 'a', '--org', 'b'], 2, 'cannot be used with'],
  ['a token that was never good', ['token', 'create', '--user', 'a', '--expires', '0s'], 2, 'such as 12h'],
  ['an unknown role', ['member', 'role', 'bob', 'boss'], 2, 'Allowed choices are member, editor, owner'],
  ['a namespace that is none', ['namespace', 'claim', 'acme/web'], 2, 'A namespace is written like docker.io/acme'],
  ['a number that is none', ['pulls', 'tail', '--lines', '-1'], 2, 'whole number'],
  ['an image that is none', ['check', 'UPPER'], 2, 'must be lower case'],
])('%s', async (_, argv, code, text) => {
  const shell = capturingShell();
  expect(await run(argv, shell)).toBe(code);
  expect(shell.stderr.text).toContain(text);
  expect(shell.stdout.text).toBe('');
});

test.each([
  ['an unknown option', ['policy', 'set', '--enabel', '--json'], 2, "unknown option '--enabel'"],
  ['a missing argument', ['check', '--json'], 2, "missing required argument 'image'"],
  ['a noun without its verb', ['policy', '--json'], 2, 'needs another one behind it'],
  ['an image that is none', ['check', 'UPPER', '--json'], 2, 'must be lower case'],
])('%s is told to programs in one line of JSON', async (_, argv, code, text) => {
  const shell = capturingShell();
  expect(await run(argv, shell)).toBe(code);
  expect(JSON.parse(shell.stderr.text)).toEqual({ error: expect.stringContaining(text), exitCode: code });
  expect(shell.stderr.text.split('\n')).toHaveLength(2);
  expect(shell.stdout.text).toBe('');
});

test('--version', async () => {
  const shell = capturingShell();
  expect(await run(['--version'], shell)).toBe(0);
  expect(shell.stdout.text).toMatch(/^\d+\.\d+\.\d+\n$/);
});
