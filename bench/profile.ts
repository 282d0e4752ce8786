import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const shown = 25;

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

/** The functions that the main thread spent most time in, of every profile in a folder. */
export function summaryOf(folder: string): string {
  // CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile; the main thread is 0.
  const files = readdirSync(folder).filter((file) => /\.0\.\d+\.cpuprofile$/.test(file));
  return files.map((file) => summaryOfProfile(join(folder, file))).join('\n');
}

function summaryOfProfile(file: string): string {
  const times = selfTimes(JSON.parse(readFileSync(file, 'utf8')));
  const total = times.reduce((sum, [, time]) => sum + time, 0);
  const lines = times
    .slice(0, shown)
    .map(([name, time]) => `${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}`);
  return [`${file}: ${(total / 1e6).toFixed(2)} s busy`, ...lines, ''].join('\n');
}
