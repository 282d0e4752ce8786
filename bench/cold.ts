import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { alternate, type Bench, figure, median, type Result, type Row, ratio } from './bench.ts';
import type { ImageFacts, ImageOrder } from './children/upstream.ts';
import { hasDockerRegistry, noDockerRegistry, startDockerRegistry } from './docker-registry.ts';
import { copyWithSkopeo, hasSkopeo, noSkopeo } from './skopeo.ts';
import { blobTarget, claimed, clientHeaders, openWorld, type World } from './world.ts';

/** 200 MB. Images are built of several layers: large ones below, then smaller ones. */
const severalLayers = [50e6, 25e6, 65e6, 40e6, 12e6, 5e6, 2e6, 1e6];
const oneLayer = [200e6];
/** How many docker and containerd fetch at once. */
const layersAtOnce = 3;
const throttledBytesPerSecond = 125e6;
/** Time for what a side does behind its answer. */
const settleMs = 700;
/** More than the files of a pull. */
const touchedBytes = 600e6;

export const coldThrottledRow: Row = {
  name: 'cold-throttled',
  about: 'the first pull of a 200 MB image from an upstream of 125 MB/s',

  async measure(bench) {
    const rounds = bench.quick ? 3 : 5;
    const images = freshImages(oneLayer, rounds);
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
    const results: Result[] = [];
    for (const pull of pulls) results.push(await comparePull(bench, pull));
    return results;
  },
};

/** Where to pull from, and how to sign in there. */
interface ColdServer extends Partial<Pick<World, 'login' | 'bearer'>> {
  readonly port: number;
}

interface ColdClient {
  /** Why it is not on this machine; undefined when it is. */
  missing(): string | undefined;
  /** Gives the seconds. */
  pull(bench: Bench, from: ColdServer, image: ImageFacts): Promise<number>;
}

const skopeo: ColdClient = {
  missing: () => (hasSkopeo() ? undefined : noSkopeo),
  pull: (bench, { port, login }, image) => copyWithSkopeo(bench, port, image, login),
};

/**
 * Every client of people checks what it gets, and stores it. This one does neither, and leaves the whole machine to the
 * server.
 */
const unchecking: ColdClient = {
  missing: () => undefined,
  pull: async (bench, { port, bearer }, image) => pullSeconds(bench, port, image, await bearer?.(image.repository)),
};

interface ColdPull {
  readonly name: string;
  readonly layers: readonly number[];
  readonly client: ColdClient;
}

const pulls: readonly ColdPull[] = [
  { name: 'cold pull by skopeo', layers: severalLayers, client: skopeo },
  { name: 'cold pull that checks nothing', layers: severalLayers, client: unchecking },
  { name: 'cold pull of one layer by skopeo', layers: oneLayer, client: skopeo },
  { name: 'cold pull of one layer that checks nothing', layers: oneLayer, client: unchecking },
];

async function comparePull(bench: Bench, { name, layers, client }: ColdPull): Promise<Result> {
  const result = { name: `${name}, to docker-registry`, unit: '×', target: { atMost: 1 } } as const;
  const missing = hasDockerRegistry() ? client.missing() : noDockerRegistry;
  if (missing !== undefined) return { ...result, measured: undefined, detail: missing, samples: {} };

  const rounds = bench.quick ? 4 : 7;
  await using world = await openWorld(bench, { images: freshImages(layers, rounds + 1) });
  const { gate, upstream } = world;
  await using registry = await startDockerRegistry(bench, upstream.registry.url);
  const side = (server: ColdServer) => async (round: number) => {
    await settled(bench);
    return client.pull(bench, server, imageOf(upstream.images, round));
  };
  const sides = { gate: side({ ...world, port: gate.port }), registry: side(registry) };
  for (const warmUp of Object.values(sides)) await warmUp(rounds);
  const samples = await alternate(bench, rounds, sides);
  return {
    ...result,
    measured: ratio(samples.gate, samples.registry),
    detail: `${figure(median(samples.gate))} s, docker-registry ${figure(median(samples.registry))} s`,
    samples,
  };
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
  for (let left = Math.min(touchedBytes, freemem() / 2); left > 0; left -= mebibyte.length) {
    writeSync(descriptor, mebibyte);
  }
  closeSync(descriptor);
  rmSync(file);
}

/** One for each round: what was pulled once is not cold any more. */
function freshImages(layers: readonly number[], count: number): ImageOrder[] {
  return Array.from({ length: count }, (_, round) => ({ repository: claimed, tag: `v${round}`, layers }));
}

function imageOf(images: readonly ImageFacts[], round: number): ImageFacts {
  const image = images[round];
  if (image === undefined) throw new Error(`There is no image for round ${round}.`);
  return image;
}

/** Pulls as a client does that has nothing yet: the manifest by its tag, then config and layers. */
async function pullSeconds(bench: Bench, port: number, image: ImageFacts, bearer?: string): Promise<number> {
  const { repository, tag, config } = image;
  const headers = bearer === undefined ? clientHeaders : { ...clientHeaders, Authorization: bearer };
  const get = (target: string) => bench.load({ port, target, headers, connections: 1, until: { answers: 1 } });
  const layers = image.layers.values();
  /** Several of these share the layers: each takes the next one when it has got one. */
  async function getLayers(): Promise<void> {
    for (const layer of layers) await get(blobTarget(repository, layer));
  }
  const started = performance.now();
  await get(`/v2/${repository}/manifests/${tag}`);
  await Promise.all([get(blobTarget(repository, config)), ...Array.from({ length: layersAtOnce }, getLayers)]);
  return (performance.now() - started) / 1000;
}
