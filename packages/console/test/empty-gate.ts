import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, startSmallHub, startSmallRegistry } from '@pullgate/small-registry';
import { type Gate, loadConfiguration, startGate } from '../../server/src/index.ts';
import { openLog } from '../../server/src/observe/log.ts';

export interface EmptyGate {
  readonly gate: Gate;
  /** As clients name it. */
  readonly host: string;
  close(): Promise<void>;
}

/** A gate that nobody has set up, in front of a Docker Hub with some images. */
export async function startEmptyGate(): Promise<EmptyGate> {
  const closing = new AsyncDisposableStack();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'pullgate-console-'));
    closing.defer(() => rm(folder, { recursive: true, force: true }));
    const registry = await startSmallRegistry();
    closing.defer(registry.close);
    const hub = await startSmallHub({ namespaces: { somebody: 'user', northwind: 'verified_publisher' } });
    closing.defer(hub.close);
    for (const name of ['library/alpine', 'northwind/agent', 'somebody/miner']) {
      registry.add(name, buildImage({ files: { 'about.txt': name }, platforms: ['linux/amd64'] }), ['latest']);
    }
    const file = join(folder, 'pullgate.yaml');
    await writeFile(
      file,
      `url: 'http://localhost:0'
listen: { port: 0 }
data: data
hub: { url: '${hub.url}' }
upstreams: { docker.io: { url: '${registry.url}', allow_http: true, allow_private_addresses: true } }
`,
    );
    const gate = await startGate(loadConfiguration({ file, env: {}, cwd: folder }), openLog('silent'));
    closing.defer(() => gate.close());
    return { gate, host: new URL(gate.url).host, close: () => closing.disposeAsync() };
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}
