import { userInfo } from 'node:os';
import process from 'node:process';
import { isCancel, password, text } from '@clack/prompts';
import { Failure } from './failure.ts';
import type { Shell } from './shell.ts';

/** The process that this runs in. */
export const processShell: Shell = {
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  // npm sets it for what it runs, and puts the program on no PATH but its own.
  program: process.env['npm_execpath'] === undefined ? 'pullgate' : 'npx pullgate',
  user: loginName(),
  async input(most) {
    if (process.stdin.isTTY) return undefined;
    let text = '';
    for await (const chunk of process.stdin.setEncoding('utf8')) {
      text += chunk;
      if (text.length > most) break;
    }
    return text.slice(0, most);
  },
  async ask(message, kind) {
    if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
    const ask = kind === 'secret' ? password : text;
    const answer = await ask({ message, output: process.stderr });
    if (isCancel(answer)) throw new Failure('Nothing was done.');
    return answer ?? '';
  },
  interruption() {
    const controller = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      // Once only: whoever presses Ctrl-C again does not want to wait, and the default ends the process.
      process.once(signal, () => controller.abort());
    }
    return controller.signal;
  },
};

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container often runs as a user id that has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
