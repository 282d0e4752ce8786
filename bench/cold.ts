import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { alternate, type Bench, figure, median, type Result, type Row, ratio } from './bench.ts';
import type { ImageFacts, ImageOrder } from './children/upstream.ts';
import { hasDockerRegistry, noDockerRegistry, startDockerRegistry } from './docker-registry.ts';
import { copyWithSkopeo, hasSkopeo, noSkopeo } from './skopeo.ts';
import { claimed, clientHeaders, layerTarget, openWorld, type World } from './world.ts';

const bytes = 200e6;
const throttledBytesPerSecond = 125e6;
/** Time for what a side does behind its answer. */
const settleMs = 700;

export const coldThrottledRow: Row = {
  name: 'cold-throttled',
  about: 'the first pull of a 200 MB image from an upstream of 125 MB/s',

  async measure(bench) {
    const rounds = bench.quick ? 3 : 5;
    const images = freshImages(rounds);
    await using world = await openWorld(bench, { images, bytesPerSecond: throttledBytesPerSecond });
    const { gate, upstream } = world;
    const samples = await alternate(bench, rounds, {
      gate: async (round) =>
        pullSeconds(bench, gate.port, imageOf(upstream.images, round), await world.bearer(claimed)),
      direct: (round) => pullSeconds(bench, upstream.registry.port, imageOf(upstream.images, round)),
    });
    return [
      {
        name: 'cold pull at 125 MB/s, to direct',
        unit: '×',
        target: { atMost: 1.15 },
        measured: ratio(samples.gate, samples.direct),
        detail: `${figure(median(samples.gate))} s, direct ${figure(median(samples.direct))} s`,
        samples,
      },
    ];
  },
};

export const coldRow: Row = {
  name: 'cold',
  about: 'the first pull of a 200 MB image from an upstream as fast as it can',

  async measure(bench) {
    if (!hasDockerRegistry()) return clients.map(({ name }) => unmeasured(name, noDockerRegistry));
    const pulls = (bench.quick ? 5 : 9) + 1;
    await using world = await openWorld(bench, { images: freshImages(clients.length * pulls) });
    const { gate, upstream } = world;
    await using registry = await startDockerRegistry(bench, upstream.registry.url);
    const servers = { gate: { ...world, port: gate.port }, registry };
    const results: Result[] = [];
    for (const [turn, client] of clients.entries()) {
      const images = upstream.images.slice(turn * pulls, (turn + 1) * pulls);
      const missing = client.missing();
      results.push(missing ? unmeasured(client.name, missing) : await compare(bench, client, servers, images));
    }
    return results;
  },
};

/** Where to pull from, and how to sign in there. */
interface ColdServer extends Partial<Pick<World, 'basic' | 'bearer'>> {
  readonly port: number;
}

interface ColdClient {
  readonly name: string;
  /** Why it is not on this machine; undefined when it is. */
  missing(): string | undefined;
  /** Gives the seconds. */
  pull(bench: Bench, from: ColdServer, image: ImageFacts): Promise<number>;
}

/**
 * Every client of people checks what it gets, and stores it. One that does neither leaves the whole machine to the
 * server.
 */
const clients: readonly ColdClient[] = [
  {
    name: 'cold pull by skopeo, to docker-registry',
    missing: () => (hasSkopeo() ? undefined : noSkopeo),
    pull: (bench, { port, basic }, image) => copyWithSkopeo(bench, port, image, basic),
  },
  {
    name: 'cold pull that checks nothing, to docker-registry',
    missing: () => undefined,
    pull: async (bench, { port, bearer }, image) => pullSeconds(bench, port, image, await bearer?.(image.repository)),
  },
];

async function compare(
  bench: Bench,
  { name, pull }: ColdClient,
  servers: Record<'gate' | 'registry', ColdServer>,
  images: readonly ImageFacts[],
): Promise<Result> {
  const rounds = images.length - 1;
  const side = (server: ColdServer) => async (round: number) => {
    await settled(bench);
    return pull(bench, server, imageOf(images, round));
  };
  const sides = { gate: side(servers.gate), registry: side(servers.registry) };
  for (const warmUp of Object.values(sides)) await warmUp(rounds);
  const samples = await alternate(bench, rounds, sides);
  return {
    ...resultOf(name),
    measured: ratio(samples.gate, samples.registry),
    detail: `${figure(median(samples.gate))} s, docker-registry ${figure(median(samples.registry))} s`,
    samples,
  };
}

function resultOf(name: string): Pick<Result, 'name' | 'unit' | 'target'> {
  return { name, unit: '×', target: { atMost: 1 } };
}

function unmeasured(name: string, detail: string): Result {
  return { ...resultOf(name), measured: undefined, detail, samples: {} };
}

/** docker-registry stores behind its answer; the disk writes behind both. Neither side is to wait for the other's. */
async function settled({ folder }: Bench): Promise<void> {
  await sleep(settleMs);
  spawnSync('sync');
  touchMemory(folder);
}

/**
 * Has the kernel hand out more memory for files than a pull fills, and takes it back. A virtual machine gets memory when
 * it is touched, and gives back what it has not touched for some seconds: that can cost twice the pull, and would fall
 * on whichever side just then writes. What programs had and gave back is not what files get next.
 */
function touchMemory(folder: string): void {
  const file = join(folder, 'touched');
  const mebibyte = Buffer.alloc(2 ** 20, 1);
  const descriptor = openSync(file, 'w');
  for (let left = Math.min(3 * bytes, freemem() / 2); left > 0; left -= mebibyte.length) {
    writeSync(descriptor, mebibyte);
  }
  closeSync(descriptor);
  rmSync(file);
}

/** One for each round: what was pulled once is not cold any more. */
function freshImages(count: number): ImageOrder[] {
  return Array.from({ length: count }, (_, round) => ({ repository: claimed, tag: `v${round}`, bytes }));
}

function imageOf(images: readonly ImageFacts[], round: number): ImageFacts {
  const image = images[round];
  if (image === undefined) throw new Error(`There is no image for round ${round}.`);
  return image;
}

/** Pulls as a client does that has nothing yet: the manifest by its tag, then config and layer. */
async function pullSeconds(bench: Bench, port: number, image: ImageFacts, bearer?: string): Promise<number> {
  const headers = bearer === undefined ? clientHeaders : { ...clientHeaders, Authorization: bearer };
  const get = (target: string) => bench.load({ port, target, headers, connections: 1, until: { answers: 1 } });
  const started = performance.now();
  await get(`/v2/${image.repository}/manifests/${image.tag}`);
  await Promise.all([get(`/v2/${image.repository}/blobs/${image.config}`), get(layerTarget(image))]);
  return (performance.now() - started) / 1000;
}
