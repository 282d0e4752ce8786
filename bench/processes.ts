import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Reply } from './children/parent.ts';

/** A process of the bench, which answers one kind of question. Leaving its scope ends it. */
export interface Child<Question, Answer> extends AsyncDisposable {
  readonly pid: number;
  /** Rejects with what went wrong in the child. */
  ask(question: Question): Promise<Answer>;
}

/** After that a child that was told to end is killed, in milliseconds. */
const graceMs = 15_000;

/** Starts the module of that name in `children/`. */
export function startChild<Question, Answer>(name: 'upstream' | 'bare' | 'load'): Child<Question, Answer> {
  const child = fork(new URL(`children/${name}.ts`, import.meta.url));
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  let asked = 0;

  child.on('message', (reply: Reply<Answer>) => {
    const waiter = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) waiter?.reject(new Error(`${name}: ${reply.error}`));
    else waiter?.resolve(reply.answer);
  });
  child.on('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`${name} ended with ${signal ?? code}.`));
    waiting.clear();
  });

  return {
    pid: child.pid ?? 0,
    ask(question) {
      const waiter = Promise.withResolvers<Answer>();
      waiting.set(asked, waiter);
      child.send({ id: asked, question });
      asked += 1;
      return waiter.promise;
    },
    async [Symbol.asyncDispose]() {
      await ended(child, () => child.disconnect());
    },
  };
}

/** A server that is a program of its own. Leaving its scope ends it, and so does the end of this process. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Waits until it is up; rejects with what it said when it ended instead. */
  up(isUp: Promise<void>): Promise<void>;
}

export function startProgram(command: string, parameters: readonly string[]): Program {
  const child = spawn(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  const kill = (): void => void child.kill();
  process.once('exit', kill);
  const over = once(child, 'exit').then(() => {
    process.off('exit', kill);
    throw new Error(`${command} ${parameters.join(' ')} ended: ${said.join('')}`);
  });
  over.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    async up(isUp) {
      isUp.catch(() => undefined);
      await Promise.race([isUp, over]);
    },
    [Symbol.asyncDispose]: () => ended(child, kill),
  };
}

/** Tells a process to end, and waits until it has. */
async function ended(child: ChildProcess, tell: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  tell();
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exit;
  clearTimeout(timer);
}
