import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientKind } from './client.ts';
import { contentOfArchive } from './image-archive.ts';
import { environment, run, succeed } from './run.ts';
import { startService } from './service.ts';

/** containerd with its own client. Kubernetes nodes and newer Docker Engines pull with the same code. */
export const containerd: ClientKind = {
  name: 'containerd',
  family: 'containerd',
  programs: ['containerd', 'ctr', 'tar'],
  layers: 'packed',
  wrongToken: 'This is no access token of this gate. Give your user name and a personal access token as password.',
  takesPlaceOfDockerHub: true,

  async start(folder, gateHost) {
    const env = environment(folder);
    const [socket, archive] = [join(folder, 'containerd.sock'), join(folder, 'image.tar')];
    const command = ['ctr', '--address', socket];
    const service = await startService({
      name: 'containerd',
      command: ['containerd', '--config', await configure(folder, socket)],
      env,
      isReady: async () => (await run([...command, 'version'], { env })).status === 0,
    });

    const hosts = await configureHosts(folder, gateHost);
    const pull = ['images', 'pull', '--plain-http', '--hosts-dir', hosts, '--snapshotter', 'native'];
    const imageList = async (...args: readonly string[]) => {
      const lines = await succeed([...command, 'images', 'list', ...args], { env });
      return lines.split('\n').filter((line) => line !== '');
    };
    return {
      pull(image, account) {
        const user = account === undefined ? [] : ['--user', `${account.username}:${account.token}`];
        return run([...command, ...pull, ...user, image], { env });
      },
      async contentOf(image) {
        const [, line = ''] = await imageList(`name==${image}`);
        await succeed([...command, 'images', 'export', archive, image], { env });
        return { image: /sha256:[0-9a-f]{64}/.exec(line)?.[0] ?? '', ...(await contentOfArchive(archive)) };
      },
      async clear() {
        const images = await imageList('--quiet');
        if (images.length > 0) await succeed([...command, 'images', 'remove', '--sync', ...images], { env });
      },
      log: service.log,
      stop: service.stop,
    };
  },
};

/** In TOML. The plug-ins that are left out look at places outside the folder. */
async function configure(folder: string, socket: string): Promise<string> {
  const file = join(folder, 'config.toml');
  await writeFile(
    file,
    `version = 2
root = "${join(folder, 'root')}"
state = "${join(folder, 'state')}"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "${socket}"
[ttrpc]
  address = "${socket}.ttrpc"
`,
  );
  return file;
}

/** The table of the host is needed: without it, containerd 1.6 and 1.7 ignore the file and ask Docker Hub. */
async function configureHosts(folder: string, gateHost: string): Promise<string> {
  const hosts = join(folder, 'hosts');
  await mkdir(join(hosts, 'docker.io'), { recursive: true });
  const server = `"http://${gateHost}"`;
  const text = `server = ${server}\n[host.${server}]\n  capabilities = ["pull", "resolve"]\n`;
  await writeFile(join(hosts, 'docker.io', 'hosts.toml'), text);
  return hosts;
}
