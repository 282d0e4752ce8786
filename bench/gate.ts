import { fileURLToPath } from 'node:url';
import { answering } from './ask.ts';
import { startProgram } from './processes.ts';

/** `pullgate serve`, as everybody runs it. */
export interface RunningGate extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

const pullgate = fileURLToPath(new URL('../packages/cli/bin/pullgate.js', import.meta.url));
/** The flags of `npm start`. */
const asStarted = ['--max-semi-space-size=4'];
const startMs = 30_000;

/** Resolves as soon as the gate takes pulls. `port` is the one that its configuration names. */
export async function startGate(file: string, port: number, execArgv: readonly string[] = []): Promise<RunningGate> {
  await using closing = new AsyncDisposableStack();
  const gate = closing.use(
    startProgram(process.execPath, [...asStarted, ...execArgv, pullgate, 'serve', '--config', file]),
  );
  await gate.up(answering(port, '/readyz', startMs));
  const running = closing.move();
  return { pid: gate.pid, port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
