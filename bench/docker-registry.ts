import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.ts';
import type { Bench } from './bench.ts';
import { ended } from './processes.ts';

export interface DockerRegistry extends AsyncDisposable {
  readonly port: number;
}

const command = 'docker-registry';
const startMs = 10_000;

export const noDockerRegistry = 'docker-registry is not installed (Debian: apt install docker-registry)';

export function hasDockerRegistry(): boolean {
  return spawnSync(command, ['--version']).error === undefined;
}

/** Distribution's registry as a pull-through proxy with an empty folder, as fast as it can be set up. */
export async function startDockerRegistry(bench: Bench, upstreamUrl: string): Promise<DockerRegistry> {
  const folder = await mkdtemp(join(bench.folder, 'docker-registry-'));
  const port = await freePort();
  const file = join(folder, 'config.yml');
  await writeFile(
    file,
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: '${join(folder, 'data')}' }
  cache: { blobdescriptor: inmemory }
http: { addr: '127.0.0.1:${port}' }
proxy: { remoteurl: '${upstreamUrl}' }
`,
  );
  const child = spawn(command, ['serve', file], { stdio: 'ignore' });
  const registry = { port, [Symbol.asyncDispose]: () => ended(child, () => child.kill()) };
  try {
    await answering(port, '/v2/', startMs);
  } catch (error) {
    await registry[Symbol.asyncDispose]();
    throw error;
  }
  return registry;
}

/** Waits until a server answers with 200. */
export async function answering(port: number, target: string, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    const answer = await ask(port, target).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(5);
  }
  throw new Error(`Port ${port} did not answer ${target} within ${limitMs / 1000} s.`);
}

export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
