import { type ChildProcess, fork } from 'node:child_process';
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
export function startChild<Question, Answer>(
  name: 'gate' | 'upstream' | 'bare' | 'load',
  execArgv: readonly string[] = [],
): Child<Question, Answer> {
  const child = fork(new URL(`children/${name}.ts`, import.meta.url), { execArgv: [...execArgv] });
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

/** Tells a process to end, and waits until it has. */
export async function ended(child: ChildProcess, tell: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  tell();
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exit;
  clearTimeout(timer);
}
