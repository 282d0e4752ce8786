import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

export interface ServiceOptions {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether it answers. A rejection counts as no. */
  isReady(log: string): Promise<boolean> | boolean;
}

/** A process that runs until it is stopped. */
export interface Service {
  /** The last that it wrote, under its name. */
  log(): string;
  /** Leaves what it wrote so far out of the log. */
  forgetLog(): void;
  stop(): Promise<void>;
}

const startTimeout = 120_000; // ms
const stopTimeout = 10_000; // ms
const pollInterval = 50; // ms
const shownLines = 60;

export async function startService({ name, command, env, isReady }: ServiceOptions): Promise<Service> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  }
  const stopWithUs = () => child.kill();
  process.once('exit', stopWithUs);
  const failure = new Promise<never>((_, reject) => child.on('error', reject));
  const log = () => `--- ${name}\n${lines.join('').split('\n').slice(-shownLines).join('\n')}`;

  async function stop(): Promise<void> {
    process.off('exit', stopWithUs);
    await end(child);
  }

  async function ready(): Promise<void> {
    const deadline = Date.now() + startTimeout;
    while (!(await answers(isReady, lines.join('')))) {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}.\n${log()}`);
      if (Date.now() > deadline) throw new Error(`${name} was not ready after ${startTimeout} ms.\n${log()}`);
      await delay(pollInterval);
    }
  }

  try {
    await Promise.race([ready(), failure]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { log, forgetLog: () => void lines.splice(0), stop };
}

async function answers(isReady: ServiceOptions['isReady'], log: string): Promise<boolean> {
  try {
    return await isReady(log);
  } catch {
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeout);
  await exited;
  clearTimeout(timer);
}
