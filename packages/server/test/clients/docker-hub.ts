import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { buildImage, type SmallImage, startSmallHub, startSmallRegistry } from '@pullgate/small-registry';
import { environment, succeed } from './run.ts';
import { type Service, startService } from './service.ts';

/** One repository of each category that matters here. */
export const repositories = {
  organization: 'acme/web',
  official: 'library/hello-world',
  verifiedPublisher: 'northwind/agent',
  community: 'somebody/miner',
} as const;

export type RepositoryPath = (typeof repositories)[keyof typeof repositories];

/** A registry of another make than the gate, filled with an image in each repository, and the API that tells badges. */
export interface DockerHub {
  readonly registryUrl: string;
  readonly apiUrl: string;
  readonly images: Readonly<Record<RepositoryPath, SmallImage>>;
  log(): string;
  stopRegistry(): Promise<void>;
  stop(): Promise<void>;
}

/** The platform that the clients of this machine choose from an index. */
const platform = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;
const otherPlatform = platform === 'linux/amd64' ? 'linux/arm64' : 'linux/amd64';

export async function startDockerHub(folder: string): Promise<DockerHub> {
  const { host, service } = await startDockerRegistry(folder);
  const images = {
    'acme/web': imageOf('acme/web'),
    'library/hello-world': imageOf('library/hello-world'),
    'northwind/agent': imageOf('northwind/agent'),
    'somebody/miner': imageOf('somebody/miner'),
  };
  try {
    await push(images, host, folder);
  } catch (error) {
    await service.stop();
    throw error;
  }
  // It is an error to docker-registry when a push asks whether it has a blob.
  service.forgetLog();
  const hub = await startSmallHub({
    namespaces: { acme: '', library: '', northwind: 'verified_publisher', somebody: 'user' },
  });
  return {
    registryUrl: `http://${host}`,
    apiUrl: hub.url,
    images,
    log: service.log,
    stopRegistry: service.stop,
    async stop() {
      await hub.close();
      await service.stop();
    },
  };
}

function imageOf(path: RepositoryPath): SmallImage {
  return buildImage({ files: { 'about.txt': `This is ${path}.\n` }, platforms: [platform, otherPlatform] });
}

async function startDockerRegistry(folder: string): Promise<{ host: string; service: Service }> {
  const host = `127.0.0.1:${await freePort()}`;
  const file = join(folder, 'registry.json');
  const configuration = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'registry') } },
    http: { addr: host },
  };
  await writeFile(file, JSON.stringify(configuration));
  const service = await startService({
    name: 'docker-registry',
    command: ['docker-registry', 'serve', file],
    env: environment(folder),
    isReady: async () => (await fetch(`http://${host}/v2/`)).ok,
  });
  return { host, service };
}

/** docker-registry cannot be told to take one and to say which. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

async function push(images: DockerHub['images'], host: string, folder: string): Promise<void> {
  const source = await startSmallRegistry();
  const home = join(folder, 'push');
  await mkdir(home);
  const options = [
    '--insecure-policy',
    '--all',
    '--preserve-digests',
    '--src-tls-verify=false',
    '--dest-tls-verify=false',
  ];
  try {
    for (const [path, image] of Object.entries(images)) {
      source.add(path, image, ['latest']);
      const [from, to] = [`docker://127.0.0.1:${source.port}/${path}:latest`, `docker://${host}/${path}:latest`];
      await succeed(['skopeo', 'copy', ...options, from, to], { env: environment(home) });
    }
  } finally {
    await source.close();
  }
}
