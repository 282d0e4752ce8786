import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientKind } from './client.ts';
import { contentOfArchive } from './image-archive.ts';
import type { Account } from './installation.ts';
import { environment, run, succeed } from './run.ts';
import { startService } from './service.ts';

/** The classic engine: it keeps images itself and asks in its own name, not in containerd's. */
export const dockerEngine: ClientKind = {
  name: 'Docker Engine',
  family: 'docker',
  programs: ['docker', 'dockerd', 'containerd', 'tar'],
  layers: 'unpacked',
  wrongToken: 'This is no access token of this gate. Give your user name and a personal access token as password.',
  // A mirror that refuses is passed over for Docker Hub itself.
  takesPlaceOfDockerHub: false,

  async start(folder) {
    const [socket, archive] = [`unix://${join(folder, 'docker.sock')}`, join(folder, 'image.tar')];
    const env = environment(folder);
    const configurationFile = join(folder, 'daemon.json');
    await writeFile(configurationFile, '{}');
    // Without firewall rules, a bridge and a storage driver of the kernel: nothing of the machine is changed or needed.
    const service = await startService({
      name: 'dockerd',
      command: [
        'dockerd',
        ...['--config-file', configurationFile, '--host', socket, '--pidfile', join(folder, 'dockerd.pid')],
        ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--storage-driver', 'vfs'],
        ...['--bridge', 'none', '--iptables=false', '--ip6tables=false'],
      ],
      env,
      isReady: async () => (await run(['docker', '--host', socket, 'version'], { env })).status === 0,
    });

    const docker = (account: Account | undefined, ...args: readonly string[]) => [
      'docker',
      ...['--config', join(folder, `signed-in-${account?.username ?? 'nobody'}`)],
      ...['--host', socket, ...args],
    ];
    return {
      async login(host, account) {
        await mkdir(join(folder, `signed-in-${account.username}`), { recursive: true });
        const command = docker(account, 'login', '--username', account.username, '--password-stdin', host);
        return run(command, { env, input: account.token });
      },
      pull: (image, account) => run(docker(account, 'pull', image), { env }),
      async contentOf(image) {
        const digests = await succeed(
          docker(undefined, 'image', 'inspect', '--format', '{{json .RepoDigests}}', image),
          {
            env,
          },
        );
        const [reference = ''] = JSON.parse(digests) as string[];
        await succeed(docker(undefined, 'image', 'save', '--output', archive, image), { env });
        return { image: reference.slice(reference.indexOf('@') + 1), ...(await contentOfArchive(archive)) };
      },
      async clear() {
        await succeed(docker(undefined, 'image', 'prune', '--all', '--force'), { env });
      },
      log: service.log,
      stop: service.stop,
    };
  },
};
