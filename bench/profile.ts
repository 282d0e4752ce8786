import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The parts of a V8 CPU profile that are read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** Functions by the time spent in themselves, idle time left out. */
function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): [name: string, microseconds: number][] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    if (name !== '(idle)') times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  return [...times].sort(([, a], [, b]) => b - a);
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName;
  const file = url.startsWith('file:') ? relative(process.cwd(), fileURLToPath(url)) : url;
  return `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`;
}

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node bench/profile.ts FILE.cpuprofile');
  process.exit(2);
}
const times = selfTimes(JSON.parse(readFileSync(file, 'utf8')));
const total = times.reduce((sum, [, time]) => sum + time, 0);
console.log(`${(total / 1e6).toFixed(2)} s busy`);
for (const [name, time] of times.slice(0, 30))
  console.log(`${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}`);
