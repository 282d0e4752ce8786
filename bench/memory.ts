import { readFile, statfs, writeFile } from 'node:fs/promises';
import type { Row } from './bench.ts';
import { claimed, clientHeaders, onlyLayerTarget, openWorld } from './world.ts';

const clients = 8;

export const memoryRow: Row = {
  name: 'memory',
  about: 'the most memory the gate holds while eight clients pull one blob of 4 GiB',

  async measure(bench) {
    const bytes = (bench.quick ? 1 : 4) * 2 ** 30;
    const result = {
      name: `resident memory, 8 × ${bytes / 2 ** 30} GiB`,
      unit: 'MiB',
      target: { atMost: 250 },
    } as const;
    if (process.platform !== 'linux') {
      return [{ ...result, measured: undefined, detail: 'it is read from /proc, which only Linux has', samples: {} }];
    }
    const { bavail, bsize } = await statfs(bench.folder);
    if (bavail * bsize < 1.5 * bytes) {
      const detail = `${bench.folder} has less than ${(1.5 * bytes) / 2 ** 30} GiB left; set TMPDIR`;
      return [{ ...result, measured: undefined, detail, samples: {} }];
    }

    bench.progress('making the blob');
    await using world = await openWorld(bench, { images: [{ repository: claimed, tag: 'latest', layers: [bytes] }] });
    const { gate, upstream } = world;
    const target = onlyLayerTarget(upstream);
    const pull = async (state: string): Promise<{ peak: number; megabytesPerSecond: number }> => {
      bench.progress(state);
      await forgetPeak(gate.pid);
      const headers = { ...clientHeaders, Authorization: await world.bearer(claimed) };
      const order = { port: gate.port, target, headers, connections: clients, until: { answers: clients } };
      const measured = await bench.load(order);
      return { peak: await peakMebibytes(gate.pid), megabytesPerSecond: measured.bytes / 1e6 / measured.seconds };
    };
    const idle = await peakMebibytes(gate.pid);
    const cold = await pull('cold');
    const cached = await pull('cached');
    return [
      {
        ...result,
        measured: Math.max(cold.peak, cached.peak),
        detail: `cold ${text(cold)}, cached ${text(cached)}, after the start ${idle.toFixed(0)} MiB`,
        samples: { idle: [idle], cold: [cold.peak], cached: [cached.peak] },
      },
    ];
  },
};

function text({ peak, megabytesPerSecond }: { peak: number; megabytesPerSecond: number }): string {
  return `${peak.toFixed(0)} MiB at ${megabytesPerSecond.toFixed(0)} MB/s`;
}

/** The kernel's own high-water mark of the resident set: nothing between two samples is missed. */
async function peakMebibytes(pid: number): Promise<number> {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

/** Sets the high-water mark back to what is resident now (proc(5), clear_refs). */
async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}
