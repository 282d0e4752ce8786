import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientKind, ContainerClient } from './client.ts';
import { type DockerHub, type RepositoryPath, startDockerHub } from './docker-hub.ts';
import { type RunningGate, startRunningGate } from './installation.ts';

/** A client, a gate and a made-up Docker Hub behind it, all of them real processes of their own. */
export interface World {
  readonly client: ContainerClient;
  readonly gate: RunningGate;
  readonly dockerHub: DockerHub;
  /** An image by its tag, as the client names it. */
  tagged(path: RepositoryPath): string;
  /** The same by its digest. */
  pinned(path: RepositoryPath): string;
  /** What everybody wrote last. */
  log(): string;
  stop(): Promise<void>;
}

export async function startWorld(kind: ClientKind): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-clients-'));
  const stopping = new AsyncDisposableStack();
  stopping.defer(() => rm(folder, { recursive: true, force: true }));
  try {
    const dockerHub = await startDockerHub(folder);
    stopping.defer(dockerHub.stop);
    const gate = await startRunningGate(folder, dockerHub);
    stopping.defer(gate.stop);
    const clientFolder = join(folder, 'client');
    await mkdir(clientFolder);
    const client = await kind.start(clientFolder, gate.host);
    stopping.defer(client.stop);
    return {
      client,
      gate,
      dockerHub,
      tagged: (path) => `${gate.host}/${path}:latest`,
      pinned: (path) => `${gate.host}/${path}@${dockerHub.images[path].root.digest}`,
      log: () => [dockerHub.log(), gate.log(), client.log()].join('\n'),
      stop: () => stopping.disposeAsync(),
    };
  } catch (error) {
    await stopping.disposeAsync();
    throw error;
  }
}
