import { spawnSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answering, freePort } from './ask.ts';
import type { Bench } from './bench.ts';
import { startProgram } from './processes.ts';

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
  await using closing = new AsyncDisposableStack();
  const registry = closing.use(startProgram(command, ['serve', file]));
  await registry.up(answering(port, '/v2/', startMs));
  const running = closing.move();
  return { port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
