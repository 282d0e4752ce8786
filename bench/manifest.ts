import { ask } from './ask.ts';
import { alternate, figure, median, type Result, type Row, ratio } from './bench.ts';
import type { BareFacts, BareOrder } from './children/bare.ts';
import { hasDockerRegistry, noDockerRegistry, startDockerRegistry } from './docker-registry.ts';
import type { LoadOrder } from './load.ts';
import { startChild } from './processes.ts';
import { clientHeaders, official, onlyManifestTarget, openWorld } from './world.ts';

const connections = 32;
/** Until V8 has compiled what it will compile, which takes the longer the more code there is. */
const warmUpAnswers = 100_000;

export const manifestRow: Row = {
  name: 'manifest',
  about: 'cached manifests by digest, each with token, decision and pull record',

  async measure(bench) {
    await using world = await openWorld(bench, { images: [{ repository: official, tag: 'latest', layers: [1024] }] });
    await using bare = startChild<BareOrder, BareFacts>('bare');
    const target = onlyManifestTarget(world.upstream);
    const headers = { ...clientHeaders, Authorization: await world.bearer(official) };
    const { headers: answered, body } = await ask(world.gate.port, target, headers);
    const { port } = await bare.ask({ headers: contentHeaders(answered), body: { base64: body.toString('base64') } });

    const milliseconds = bench.quick ? 700 : 1500;
    const load = (server: number, until: LoadOrder['until']) =>
      bench.load({ port: server, target, headers, connections, until });
    const perSecond = async (server: number): Promise<number> => {
      const { answers, seconds } = await load(server, { milliseconds });
      return answers / seconds;
    };
    const others = { gate: () => perSecond(world.gate.port), bare: () => perSecond(port) };
    for (const server of [world.gate.port, port]) await load(server, { answers: bench.quick ? 20_000 : warmUpAnswers });

    const rounds = bench.quick ? 5 : 7;
    if (!hasDockerRegistry()) return results(await alternate(bench, rounds, others), undefined);
    await using registry = await startDockerRegistry(bench, world.upstream.registry.url);
    await perSecond(registry.port);
    const samples = await alternate(bench, rounds, { ...others, registry: () => perSecond(registry.port) });
    return results(samples, samples.registry);
  },
};

/** Those that the server decides upon: Node.js adds the others by itself. */
export function contentHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const added = new Set(['date', 'connection', 'keep-alive']);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !added.has(name.toLowerCase())));
}

function results(samples: { gate: number[]; bare: number[] }, registry: number[] | undefined): Result[] {
  const { gate, bare } = samples;
  return [
    {
      name: 'cached manifest, of bare node:http',
      unit: '%',
      target: { atLeast: 70 },
      measured: 100 * ratio(gate, bare),
      detail: `${figure(median(gate))}/s, bare ${figure(median(bare))}/s`,
      samples: { gate, bare },
    },
    {
      name: 'cached manifest, to docker-registry',
      unit: '×',
      target: { atLeast: 10 },
      measured: registry && ratio(gate, registry),
      detail: registry ? `${figure(median(gate))}/s, docker-registry ${figure(median(registry))}/s` : noDockerRegistry,
      samples: registry ? { gate, registry } : {},
    },
  ];
}
