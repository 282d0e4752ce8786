import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientKind } from './client.ts';
import { contentOfArchive } from './image-archive.ts';
import { configureRegistries } from './registries-conf.ts';
import { environment, run, succeed } from './run.ts';

export const podman: ClientKind = {
  name: 'Podman',
  family: 'podman',
  programs: ['podman', 'tar'],
  layers: 'unpacked',
  // Its own words instead of the gate's.
  wrongToken: 'invalid username/password',
  takesPlaceOfDockerHub: true,

  async start(folder, gateHost) {
    const [signaturePolicy, archive] = [join(folder, 'policy.json'), join(folder, 'image.tar')];
    await writeFile(signaturePolicy, JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }));
    const env = { ...environment(folder), CONTAINERS_REGISTRIES_CONF: await configureRegistries(folder, gateHost) };
    const command = [
      'podman',
      ...['--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), '--tmpdir', join(folder, 'tmp')],
      ...['--storage-driver', 'vfs', '--events-backend', 'none'],
    ];
    const authfile = (username = 'nobody') => ['--authfile', join(folder, `signed-in-${username}.json`)];
    const plainHttp = '--tls-verify=false';
    return {
      login(host, { username, token }) {
        const args = ['login', plainHttp, ...authfile(username), '--username', username, '--password-stdin', host];
        return run([...command, ...args], { env, input: token });
      },
      async pull(image, account) {
        // Podman does not begin without the file that it is told.
        if (account === undefined) await writeFile(join(folder, 'signed-in-nobody.json'), '{}');
        const args = ['pull', plainHttp, ...authfile(account?.username), '--signature-policy', signaturePolicy, image];
        return run([...command, ...args], { env });
      },
      async contentOf(image) {
        const digest = await succeed([...command, 'image', 'inspect', '--format', '{{.Digest}}', image], { env });
        await succeed([...command, 'image', 'save', '--format', 'docker-archive', '--output', archive, image], { env });
        return { image: digest.trim(), ...(await contentOfArchive(archive)) };
      },
      async clear() {
        await succeed([...command, 'image', 'rm', '--all', '--force'], { env });
      },
      log: () => '',
      async stop() {},
    };
  },
};
