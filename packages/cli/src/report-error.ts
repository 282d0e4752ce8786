import { InvalidReference } from '@pullgate/policy';
import { AdministrationError, ConfigurationError, ContentError, DatabaseError, JournalError } from '@pullgate/server';
import { CommanderError } from 'commander';
import { type ExitCode, exitCode } from './exit-code.ts';
import { Failure } from './failure.ts';
import type { Shell } from './shell.ts';

/** How to tell what went wrong. */
export interface Telling {
  readonly isVerbose: boolean;
  /** For programs: one line of JSON instead of the sentence. */
  readonly isJson: boolean;
}

/** Tells what went wrong, on stderr, and gives what the process ends with. */
export function reportError(error: unknown, shell: Shell, { isVerbose, isJson }: Telling): ExitCode {
  const code = exitCodeOf(error);
  const stack = isVerbose && error instanceof Error ? error.stack : undefined;
  if (isJson && code !== exitCode.ok) {
    shell.stderr.write(`${JSON.stringify({ error: sentenceOf(error), exitCode: code, stack })}\n`);
    return code;
  }
  // Commander has said it already; help that was asked for is no error.
  if (error instanceof CommanderError) return code;
  shell.stderr.write(`pullgate: ${sentenceOf(error)}\n`);
  if (stack) shell.stderr.write(`${stack}\n`);
  return code;
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  if (error instanceof Failure) return error.exitCode;
  return error instanceof InvalidReference ? exitCode.usage : exitCode.failure;
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigurationError) return `the configuration cannot be used:\n${error.message}`;
  if (error instanceof CommanderError) return commandSentence(error);
  const isMeantForPeople =
    error instanceof Failure ||
    error instanceof AdministrationError ||
    error instanceof InvalidReference ||
    error instanceof ContentError ||
    error instanceof DatabaseError ||
    error instanceof JournalError;
  if (isMeantForPeople) return error.message;
  return systemSentence(error) ?? `${messageOf(error)}. Add --verbose to see where it comes from.`;
}

/** Its help, when a noun was left without its verb, is no sentence. */
function commandSentence({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'This command needs another one behind it. Add --help to see which there are.';
  const sentence = message.replace(/^error: /, '').replaceAll('\n', ' ');
  return `${sentence.replace(/[^.)]$/, '$&.')} Add --help to see how it is used.`;
}

/** What Node and the system say in codes. */
interface SystemError extends Error {
  readonly code: string;
  readonly port?: unknown;
  readonly path?: unknown;
  readonly syscall?: unknown;
  readonly hostname?: unknown;
}

/** Only the gate's own address is looked up here: what fails further away has errors of its own. */
const noSuchHost = ({ hostname }: SystemError) =>
  `${hostname} is no name of this machine. Change listen.host or PULLGATE_HOST.`;

const noFolder = ({ path }: SystemError) => `${path} is no folder. Choose another one with data or PULLGATE_DATA.`;

const systemSentences: Readonly<Record<string, (error: SystemError) => string>> = {
  EADDRINUSE: ({ port }) =>
    `Port ${port} is in use. Stop what listens there, or choose another port with listen.port or PULLGATE_PORT.`,
  EADDRNOTAVAIL: () => 'This machine has no such address. Change listen.host or PULLGATE_HOST.',
  ENOTFOUND: noSuchHost,
  EAI_AGAIN: noSuchHost,
  EACCES: ({ path, port }) =>
    path === undefined
      ? `This user may not listen on port ${port}. Choose one above 1023 with listen.port or PULLGATE_PORT.`
      : `This user may not open ${path}. Change its permissions, or the user.`,
  ENOENT: ({ path, syscall }) =>
    syscall === 'mkdir'
      ? `The folder ${path} cannot be made there. Choose another one with data or PULLGATE_DATA.`
      : `There is no ${path}.`,
  EEXIST: noFolder,
  ENOTDIR: noFolder,
  ENOSPC: () => 'The disk is full. Make room and try again.',
};

function systemSentence(error: unknown): string | undefined {
  if (!isSystemError(error) || !Object.hasOwn(systemSentences, error.code)) return undefined;
  return systemSentences[error.code]?.(error);
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
