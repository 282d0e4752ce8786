import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { ImageFacts } from './children/upstream.ts';

const command = 'skopeo';

export const noSkopeo = 'skopeo is not installed (Debian: apt install skopeo)';

export function hasSkopeo(): boolean {
  return spawnSync(command, ['--version']).error === undefined;
}

/**
 * Pulls an image into an empty folder, with every digest checked. Gives the seconds.
 *
 * @param login user name and secret, with a colon between, where it has to sign in
 */
export async function copyWithSkopeo(bench: Bench, port: number, image: ImageFacts, login?: string): Promise<number> {
  const folder = join(bench.folder, 'copied');
  const source = `docker://127.0.0.1:${port}/${image.repository}:${image.tag}`;
  const credentials = login === undefined ? [] : ['--src-creds', login];
  const flags = ['--quiet', '--insecure-policy', '--src-tls-verify=false', ...credentials];
  const started = performance.now();
  const client = spawn(command, ['copy', ...flags, source, `dir:${folder}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  client.stderr.on('data', (chunk) => said.push(String(chunk)));
  const [status] = await once(client, 'close');
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`skopeo ended with ${status}: ${said.join('')}`);
  rmSync(folder, { recursive: true });
  return seconds;
}
