import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@pullgate/small-registry';
import type { HeldContent } from './client.ts';
import { environment, succeed } from './run.ts';

/** Digests of the config and the layers in what `docker save`, `podman save` and `ctr images export` write. */
export async function contentOfArchive(archive: string): Promise<Pick<HeldContent, 'config' | 'layers'>> {
  const folder = await mkdtemp(`${archive}-`);
  try {
    await succeed(['tar', '--extract', '--file', archive, '--directory', folder], { env: environment(folder) });
    const digestOfFile = async (path: string) => digestOf(await readFile(join(folder, path)));
    const [image] = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as [
      { Config: string; Layers: string[] },
    ];
    return { config: await digestOfFile(image.Config), layers: await Promise.all(image.Layers.map(digestOfFile)) };
  } finally {
    await rm(folder, { recursive: true });
    await rm(archive);
  }
}
