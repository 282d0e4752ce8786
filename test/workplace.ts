import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './markdown.ts';

/** Where a document's commands run: an empty folder with a fresh installation in it. */
export interface Workplace {
  write(name: string, text: string): Promise<void>;
  /** Runs the command line, as `npx pullgate` does. `serve` is stopped as soon as it says that it is ready. */
  pullgate(args: readonly string[]): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

const program = join(root, 'packages', 'cli', 'bin', 'pullgate.js');

/** `hub` is what stands in for Docker Hub's API: nothing leaves this machine. */
export async function openWorkplace(hub: string): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-docs-'));
  const work = join(folder, 'work');
  await mkdir(work);
  const env = {
    ...ownEnvironment(),
    PULLGATE_DATA: join(folder, 'data'),
    PULLGATE_HUB_URL: hub,
  };
  /** What `token create` said last: a document cannot know it. */
  let tokenId = '';

  return {
    write: (name, text) => writeFile(join(work, name), text),
    async pullgate(args) {
      const words = args.map((word) => (word === '$TOKEN_ID' ? tokenId : word));
      const outcome = await (words[0] === 'serve'
        ? run(words, work, { ...env, PULLGATE_PORT: '0' }, 'Pullgate is ready')
        : run(words, work, env));
      tokenId = /Its id is ([0-9a-f-]+)/.exec(outcome.output)?.[1] ?? tokenId;
      return outcome;
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** Without settings of whoever runs the tests. */
function ownEnvironment(): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PULLGATE_')));
}

/** Waits for the end; asks for it once `until` was printed. */
function run(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  until?: string,
): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let asked = false;
  const take = (chunk: Buffer) => {
    output += chunk.toString();
    if (asked || until === undefined || !output.includes(until)) return;
    // Once: a second signal would end it without waiting.
    asked = child.kill('SIGTERM');
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  child.once('error', reject);
  child.once('close', (status) => resolve({ status, output }));
  return promise;
}
