import { parseImageReference } from '@pullgate/policy';
import { loadConfiguration, NotFound } from '@pullgate/server';
import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { Failure, usage } from '../src/failure.ts';
import { reportError } from '../src/report-error.ts';
import { capturingShell } from './capturing-shell.ts';

const plain = { isVerbose: false, isJson: false };

function thrown(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

const system = (code: string, more: object) => Object.assign(new Error(`listen ${code}`), { code, ...more });

test.each<[string, unknown, number, string]>([
  ['a failure', new Failure('It did not work. Try again.'), 1, 'pullgate: It did not work. Try again.\n'],
  ['a wrong command line', usage('Say which.'), 2, 'pullgate: Say which.\n'],
  ['what the administration refuses', new NotFound('There is no bob.'), 1, 'pullgate: There is no bob.\n'],
  ['a name that is none', thrown(() => parseImageReference('')), 2, 'pullgate: The image name is empty.'],
  [
    'a wrong configuration',
    thrown(() => loadConfiguration({ cwd: '/', env: { PULLGATE_PORT: 'x' }, file: undefined })),
    1,
    'pullgate: the configuration cannot be used:\nPULLGATE_PORT: listen.port: expected a whole number',
  ],
  ['a port in use', system('EADDRINUSE', { port: 5050 }), 1, 'pullgate: Port 5050 is in use. Stop what listens there'],
  [
    'a name that is not of this machine',
    system('ENOTFOUND', { syscall: 'getaddrinfo', hostname: 'gate.invalid' }),
    1,
    'pullgate: gate.invalid is no name of this machine. Change listen.host or PULLGATE_HOST.\n',
  ],
  [
    'a port for the administrator only',
    system('EACCES', { port: 80 }),
    1,
    'pullgate: This user may not listen on port 80.',
  ],
  ['a folder of somebody else', system('EACCES', { path: '/data' }), 1, 'pullgate: This user may not open /data.'],
  [
    'a file in place of a folder',
    system('EEXIST', { path: '/data' }),
    1,
    'pullgate: /data is no folder. Choose another one with data or PULLGATE_DATA.\n',
  ],
  [
    'a folder below a file',
    system('ENOTDIR', { path: '/data/gate' }),
    1,
    'pullgate: /data/gate is no folder. Choose another one with data or PULLGATE_DATA.\n',
  ],
  ['anything else', new Error('Odd.'), 1, 'pullgate: Odd. Add --verbose to see where it comes from.\n'],
  ['not even an error', 'odd', 1, 'pullgate: odd. Add --verbose'],
  ['what commander has told already', new CommanderError(1, 'commander.unknownOption', 'x'), 2, ''],
  ['help that was asked for', new CommanderError(0, 'commander.helpDisplayed', 'x'), 0, ''],
])('%s', (_, error, code, text) => {
  const shell = capturingShell();
  expect(reportError(error, shell, plain)).toBe(code);
  expect(shell.stderr.text.slice(0, text.length || undefined)).toBe(text);
  expect(shell.stderr.text).not.toContain('    at ');
});

test('--verbose shows where it comes from', () => {
  const shell = capturingShell();
  reportError(new Error('Odd.'), shell, { ...plain, isVerbose: true });
  expect(shell.stderr.text).toContain('    at ');
});

test.each([
  ['a failure', new Failure('No.', 7), { error: 'No.', exitCode: 7 }],
  [
    'a wrong command line',
    new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'"),
    { error: "unknown option '--x'. Add --help to see how it is used.", exitCode: 2 },
  ],
  [
    'a wrong command line that ends with a full stop',
    new CommanderError(1, 'commander.invalidArgument', 'error: It is on or off.'),
    { error: 'It is on or off. Add --help to see how it is used.', exitCode: 2 },
  ],
  [
    'a wrong command line with what was meant',
    new CommanderError(1, 'commander.unknownOption', "error: unknown option '--orgg'\n(Did you mean --org?)"),
    { error: "unknown option '--orgg' (Did you mean --org?) Add --help to see how it is used.", exitCode: 2 },
  ],
  [
    'a noun without its verb',
    new CommanderError(1, 'commander.help', '(outputHelp)'),
    { error: 'This command needs another one behind it. Add --help to see which there are.', exitCode: 2 },
  ],
])('--json tells programs: %s', (_, error, told) => {
  const shell = capturingShell();
  expect(reportError(error, shell, { ...plain, isJson: true })).toBe(told.exitCode);
  expect(shell.stderr.text).toBe(`${JSON.stringify(told)}\n`);
});

test('--json says nothing more of help that was asked for', () => {
  const shell = capturingShell();
  const asked = new CommanderError(0, 'commander.helpDisplayed', 'x');
  expect(reportError(asked, shell, { ...plain, isJson: true })).toBe(0);
  expect(shell.stderr.text).toBe('');
});

test('--json and --verbose tell where it comes from in the same line', () => {
  const shell = capturingShell();
  reportError(new Error('Odd.'), shell, { isVerbose: true, isJson: true });
  expect(JSON.parse(shell.stderr.text)).toMatchObject({ exitCode: 1, stack: expect.stringContaining('    at ') });
});
