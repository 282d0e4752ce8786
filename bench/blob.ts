import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { alternate, figure, median, type Result, type Row, ratio } from './bench.ts';
import type { BareFacts, BareOrder } from './children/bare.ts';
import { hasDockerRegistry, noDockerRegistry, startDockerRegistry } from './docker-registry.ts';
import { contentHeaders } from './manifest.ts';
import { startChild } from './processes.ts';
import { claimed, clientHeaders, onlyLayerTarget, openWorld } from './world.ts';

const bytes = 200e6;
const connections = 4;
/** The same as the gate reads from its cache. */
const chunkBytes = 512 * 1024;

export const blobRow: Row = {
  name: 'blob',
  about: 'a cached blob of 200 MB over four connections',

  async measure(bench) {
    await using world = await openWorld(bench, { images: [{ repository: claimed, tag: 'latest', layers: [bytes] }] });
    await using bare = startChild<BareOrder, BareFacts>('bare');
    const target = onlyLayerTarget(world.upstream);
    const headers = { ...clientHeaders, Authorization: await world.bearer(claimed) };
    bench.progress('filling the cache');
    const file = join(bench.folder, 'blob');
    const answered = await download(world.gate.port, target, headers, file);
    const { port } = await bare.ask({ headers: contentHeaders(answered), body: { file, chunkBytes } });

    const answers = bench.quick ? 4 : 12;
    const megabytesPerSecond = async (server: number): Promise<number> => {
      const measured = await bench.load({ port: server, target, headers, connections, until: { answers } });
      return measured.bytes / 1e6 / measured.seconds;
    };
    const others = { gate: () => megabytesPerSecond(world.gate.port), bare: () => megabytesPerSecond(port) };
    for (const warmUp of Object.values(others)) await warmUp();

    const rounds = bench.quick ? 5 : 7;
    if (!hasDockerRegistry()) return results(await alternate(bench, rounds, others), undefined);
    await using registry = await startDockerRegistry(bench, world.upstream.registry.url);
    await download(registry.port, target, {}, join(bench.folder, 'blob-of-registry'));
    await megabytesPerSecond(registry.port);
    const samples = await alternate(bench, rounds, { ...others, registry: () => megabytesPerSecond(registry.port) });
    return results(samples, samples.registry);
  },
};

async function download(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
  file: string,
): Promise<Record<string, string>> {
  const [response] = await once(get({ host: '127.0.0.1', port, path, headers, agent: false }), 'response');
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode} ${response.statusMessage}`);
  await pipeline(response, createWriteStream(file));
  return response.headers;
}

function results(samples: { gate: number[]; bare: number[] }, registry: number[] | undefined): Result[] {
  const { gate, bare } = samples;
  return [
    {
      name: 'cached blob, of bare node:http',
      unit: '%',
      target: { atLeast: 85 },
      measured: 100 * ratio(gate, bare),
      detail: `${figure(median(gate))} MB/s, bare ${figure(median(bare))} MB/s`,
      samples: { gate, bare },
    },
    {
      name: 'cached blob, to docker-registry',
      unit: '×',
      target: { atLeast: 1 },
      measured: registry && ratio(gate, registry),
      detail: registry
        ? `${figure(median(gate))} MB/s, docker-registry ${figure(median(registry))} MB/s`
        : noDockerRegistry,
      samples: registry ? { gate, registry } : {},
    },
  ];
}
