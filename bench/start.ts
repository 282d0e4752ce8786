import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { alternate, median, type Row } from './bench.ts';
import { answering, freePort } from './docker-registry.ts';
import { ended } from './processes.ts';
import { addMember, clientHeaders, manifestTarget, official, openWorld } from './world.ts';

const pullgate = fileURLToPath(new URL('../packages/cli/bin/pullgate.js', import.meta.url));
const people = 1000;
const pulls = 10_000;

export const startRow: Row = {
  name: 'start',
  about: '`pullgate serve` on 1,000 people with tokens and 10,000 pull records, until /readyz answers 200',

  async measure(bench) {
    const port = await freePort();
    const file = await existingInstallation(bench, port);
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

/** Path of the configuration of a gate that was in use and has ended. */
async function existingInstallation(bench: Parameters<Row['measure']>[0], port: number): Promise<string> {
  await using world = await openWorld(bench, {
    images: [{ repository: official, tag: 'latest', bytes: 1024 }],
    port,
    async prepare(administration) {
      for (let index = 0; index < people; index++) {
        if (index % 100 === 0) bench.progress(`adding people: ${index} of ${people}`);
        await addMember(administration, `person${index}`);
      }
    },
  });
  bench.progress('pulling');
  await bench.load({
    port,
    target: world.upstream.images.map(manifestTarget)[0] ?? '',
    headers: { ...clientHeaders, Authorization: await world.bearer(official) },
    connections: 32,
    until: { answers: pulls },
  });
  return world.file;
}

async function startMilliseconds(file: string, port: number): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [pullgate, 'serve', '--config', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (chunk) => errors.push(String(chunk)));
  try {
    await answering(port, '/readyz', 20_000);
    return performance.now() - started;
  } catch (error) {
    throw new Error(errors.join('') || String(error), { cause: error });
  } finally {
    await ended(child, () => child.kill());
  }
}
