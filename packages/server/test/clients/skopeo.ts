import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@pullgate/small-registry';
import type { ClientKind } from './client.ts';
import { configureRegistries } from './registries-conf.ts';
import { environment, run } from './run.ts';

/** Skopeo keeps no images: a pull is a copy into a folder. */
export const skopeo: ClientKind = {
  name: 'Skopeo',
  family: 'skopeo',
  programs: ['skopeo'],
  layers: 'packed',
  // Its own words instead of the gate's.
  wrongToken: 'invalid username/password',
  takesPlaceOfDockerHub: true,

  async start(folder, gateHost) {
    const env = environment(folder);
    const command = ['skopeo', '--insecure-policy', '--registries-conf', await configureRegistries(folder, gateHost)];
    const copies = join(folder, 'copies');
    const copyOf = (image: string) => join(copies, encodeURIComponent(image));
    const signedIn = (username = 'nobody') => join(folder, `signed-in-${username}.json`);
    await mkdir(copies);
    await writeFile(signedIn(), '{}');
    return {
      login(host, { username, token }) {
        const args = ['--tls-verify=false', '--authfile', signedIn(username), '--username', username];
        return run([...command, 'login', ...args, '--password-stdin', host], { env, input: token });
      },
      pull(image, account) {
        const args = ['--all', '--src-tls-verify=false', '--authfile', signedIn(account?.username)];
        return run([...command, 'copy', ...args, `docker://${image}`, `dir:${copyOf(image)}`], { env });
      },
      async contentOf(image) {
        const read = (name: string) => readFile(join(copyOf(image), name));
        const digestOfBlob = async ({ digest }: Descriptor) => digestOf(await read(hexOf(digest)));
        const index = await read('manifest.json');
        const { manifests } = JSON.parse(index.toString()) as { manifests: readonly [Descriptor] };
        const manifest = await read(`${hexOf(manifests[0].digest)}.manifest.json`);
        const { config, layers } = JSON.parse(manifest.toString()) as { config: Descriptor; layers: Descriptor[] };
        return {
          image: digestOf(index),
          config: await digestOfBlob(config),
          layers: await Promise.all(layers.map(digestOfBlob)),
        };
      },
      async clear() {
        await rm(copies, { recursive: true });
        await mkdir(copies);
      },
      log: () => '',
      async stop() {},
    };
  },
};

interface Descriptor {
  readonly digest: string;
}

function hexOf(digest: string): string {
  return digest.slice('sha256:'.length);
}
