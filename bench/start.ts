import { alternate, type Bench, median, type Row } from './bench.ts';
import { startGate } from './gate.ts';
import { addMember, clientHeaders, official, onlyManifestTarget, openWorld } from './world.ts';

const people = 1000;
const pulls = 10_000;

export const startRow: Row = {
  name: 'start',
  about: '`pullgate serve` on 1,000 people with tokens and 10,000 pull records, until /readyz answers 200',

  async measure(bench) {
    const { file, port } = await existingInstallation(bench);
    const samples = await alternate(bench, bench.quick ? 3 : 7, { start: () => startMilliseconds(file, port) });
    return [
      {
        name: 'start until ready',
        unit: 'ms',
        target: { atMost: 1000 },
        measured: median(samples.start),
        detail: `${people.toLocaleString('en')} people, ${pulls.toLocaleString('en')} pull records`,
        samples,
      },
    ];
  },
};

/** Configuration and port of a gate that was in use and has ended. */
async function existingInstallation(bench: Bench): Promise<{ file: string; port: number }> {
  await using world = await openWorld(bench, {
    images: [{ repository: official, tag: 'latest', layers: [1024] }],
    async prepare(administration) {
      for (let index = 0; index < people; index++) {
        if (index % 100 === 0) bench.progress(`adding people: ${index} of ${people}`);
        await addMember(administration, `person${index}`);
      }
    },
  });
  bench.progress('pulling');
  await bench.load({
    port: world.gate.port,
    target: onlyManifestTarget(world.upstream),
    headers: { ...clientHeaders, Authorization: await world.bearer(official) },
    connections: 32,
    until: { answers: pulls },
  });
  return { file: world.file, port: world.gate.port };
}

async function startMilliseconds(file: string, port: number): Promise<number> {
  const started = performance.now();
  await using _gate = await startGate(file, port);
  return performance.now() - started;
}
