import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** How a command ended, with all that it said. */
export interface Outcome {
  /** Null when it had to be ended. */
  readonly status: number | null;
  /** Both streams, as a terminal shows them. */
  readonly output: string;
  readonly stdout: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** More than any command here takes, and less than a test has: a client that hangs is told by what it said so far. */
const timeout = 60_000;

/** Daemons live in sbin, which a plain user's path leaves out. */
const searchPath = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** Nothing of the surrounding environment but the path: a proxy or a signed-in user there would change what is proven. */
export function environment(home: string): Readonly<Record<string, string>> {
  return { PATH: searchPath.join(delimiter), HOME: home };
}

export function isInstalled(program: string): boolean {
  return searchPath.some((folder) => existsSync(join(folder, program)));
}

/** Runs a command to its end. */
export async function run(command: readonly string[], { env, input = '' }: RunOptions): Promise<Outcome> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env, timeout, killSignal: 'SIGKILL', stdio: 'pipe' });
  const output: string[] = [];
  const stdout: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout.push(text);
    output.push(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text));
  child.stdin.on('error', () => {}); // A command need not read what it is given.
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return { status, output: output.join(''), stdout: stdout.join('') };
}

/** Runs a command that must succeed, and gives what it wrote to stdout. */
export async function succeed(command: readonly string[], options: RunOptions): Promise<string> {
  const { status, output, stdout } = await run(command, options);
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}:\n${output}`);
  return stdout;
}
