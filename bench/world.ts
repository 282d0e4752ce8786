import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Administration, loadConfiguration, openInstallation } from '@pullgate/server';
import { ask, freePort } from './ask.ts';
import type { Bench } from './bench.ts';
import type { ImageFacts, ImageOrder, UpstreamFacts, UpstreamOrder } from './children/upstream.ts';
import { type RunningGate, startGate } from './gate.ts';
import { startChild } from './processes.ts';

export interface WorldOptions {
  readonly images: readonly ImageOrder[];
  readonly bytesPerSecond?: number;
  /** Changes the installation before the gate starts. */
  readonly prepare?: (administration: Administration) => Promise<void>;
}

/** A gate in front of a registry, each in a process of its own. Image Access Management is on; a member pulls. */
export interface World extends AsyncDisposable {
  /** Path of the gate's configuration. */
  readonly file: string;
  readonly upstream: UpstreamFacts;
  readonly gate: RunningGate;
  /** A member's user name and access token, with a colon between. */
  readonly login: string;
  /** The value of the member's `Authorization` at the token service. */
  readonly basic: string;
  /** The value of the member's `Authorization` for a repository. It counts for five minutes. */
  bearer(repository: string): Promise<string>;
}

/** An image that policy allows by its category, and a namespace that the organization claims. */
export const official = 'library/alpine';
export const claimed = 'acme/app';

/** What containerd sends with a manifest request. */
export const clientHeaders = {
  'User-Agent': 'containerd/2.1.4',
  Accept:
    'application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, ' +
    'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, */*',
};

const actor = { kind: 'system', name: 'bench' } as const;

export async function openWorld(bench: Bench, options: WorldOptions): Promise<World> {
  await using closing = new AsyncDisposableStack();
  const folder = await mkdtemp(join(bench.folder, 'world-'));
  const process = closing.use(startChild<UpstreamOrder, UpstreamFacts>('upstream'));
  const upstream = await process.ask({ images: options.images, bytesPerSecond: options.bytesPerSecond });
  const port = await freePort();
  const file = await writeConfiguration(folder, upstream, port);
  const login = await populate(file, options.prepare);
  const basic = `Basic ${Buffer.from(login).toString('base64')}`;
  const gate = closing.use(await startGate(file, port, profiling(bench)));
  const running = closing.move();

  return {
    file,
    upstream,
    gate,
    login,
    basic,
    async bearer(repository) {
      const target = tokenTarget(repository);
      const { status, body } = await ask(gate.port, target, { Authorization: basic });
      if (status !== 200) throw new Error(`${target}: ${status} ${body}`);
      return `Bearer ${JSON.parse(body.toString()).token}`;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Where a client gets its token for a repository. */
export function tokenTarget(repository: string): string {
  return `/token?${new URLSearchParams({ scope: `repository:${repository}:pull` })}`;
}

/** Of an upstream that has one image. */
export function onlyManifestTarget(upstream: UpstreamFacts): string {
  const { repository, manifest } = onlyImage(upstream);
  return `/v2/${repository}/manifests/${manifest}`;
}

export function blobTarget(repository: string, digest: string): string {
  return `/v2/${repository}/blobs/${digest}`;
}

/** Of an upstream that has one image of one layer. */
export function onlyLayerTarget(upstream: UpstreamFacts): string {
  const { repository, layers } = onlyImage(upstream);
  const [layer] = layers;
  if (layer === undefined) throw new Error('The image has no layer.');
  return blobTarget(repository, layer);
}

function onlyImage({ images: [image] }: UpstreamFacts): ImageFacts {
  if (image === undefined) throw new Error('The upstream has no image.');
  return image;
}

async function writeConfiguration(folder: string, { registry, hubUrl }: UpstreamFacts, port: number): Promise<string> {
  const file = join(folder, 'pullgate.yaml');
  await writeFile(
    file,
    `listen: { port: ${port} }
data: data
hub: { url: '${hubUrl}' }
log: { level: error }
upstreams:
  docker.io: { url: '${registry.url}', allow_http: true, allow_private_addresses: true }
`,
  );
  return file;
}

/** Makes the organization and its member, and tells how the member signs in. */
async function populate(file: string, prepare: WorldOptions['prepare']): Promise<string> {
  const installation = await openInstallation(loadConfiguration({ file, env: {}, cwd: '/' }));
  try {
    const { administration } = installation;
    await administration.organizations.create({ name: 'acme' }, actor);
    const secret = await addMember(administration, 'max');
    await administration.namespaces.claim('acme', { registry: 'docker.io', namespace: 'acme' }, actor);
    const { policy, version } = await administration.policies.current('acme');
    const change = { policy: { ...policy, enabled: true }, expectedVersion: version };
    await administration.policies.set('acme', change, actor);
    await prepare?.(administration);
    return `max:${secret}`;
  } finally {
    await installation.close();
  }
}

/** Adds a person to the organization, and gives the secret of a new access token back. */
export async function addMember(administration: Administration, username: string): Promise<string> {
  await administration.people.create({ username }, actor);
  await administration.members.add('acme', { username, role: 'member' }, actor);
  const token = { label: 'bench', scopes: ['repo:read'] } as const;
  const { secret } = await administration.personalTokens.create(username, token, actor);
  return secret;
}

function profiling({ profiles }: Bench): string[] {
  return profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
}
