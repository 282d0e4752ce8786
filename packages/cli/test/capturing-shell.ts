import { Writable } from 'node:stream';
import type { Shell } from '../src/shell.ts';

/** A stream that remembers its text. */
class Captured extends Writable {
  text = '';
  readonly isTTY: boolean;

  constructor(isTTY: boolean) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export interface CapturingShell extends Shell {
  readonly stdout: Captured;
  readonly stderr: Captured;
  /** What Ctrl-C does. */
  interrupt(): void;
}

export function capturingShell({
  cwd = '/nowhere',
  env = {} as Shell['env'],
  isTTY = false,
  input,
  answers,
}: Partial<{
  cwd: string;
  env: Shell['env'];
  isTTY: boolean;
  input: string;
  /** What somebody types at the terminal; without them, nobody is there. */
  answers: readonly string[];
}> = {}): CapturingShell {
  const left = [...(answers ?? [])];
  const controller = new AbortController();
  return {
    cwd,
    env,
    stdout: new Captured(isTTY),
    stderr: new Captured(isTTY),
    program: 'pullgate',
    user: 'root',
    ask: async (question) => {
      if (answers === undefined) return undefined;
      const answer = left.shift();
      if (answer === undefined) throw new Error(`Nobody expected to be asked: ${question}`);
      return answer;
    },
    input: async (most) => input?.slice(0, most),
    interruption: () => controller.signal,
    interrupt: () => controller.abort(),
  };
}
