import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Result, Row } from './bench.ts';
import { blobRow } from './blob.ts';
import { coldRow, coldThrottledRow } from './cold.ts';
import { decideRow } from './decide.ts';
import type { LoadOrder, Measured } from './load.ts';
import { manifestRow } from './manifest.ts';
import { memoryRow } from './memory.ts';
import { startChild } from './processes.ts';
import { summaryOf } from './profile.ts';
import { startRow } from './start.ts';
import { table, verdictOf } from './table.ts';
import { tokenRow } from './token.ts';

const rows: readonly Row[] = [
  decideRow,
  manifestRow,
  blobRow,
  tokenRow,
  coldThrottledRow,
  coldRow,
  memoryRow,
  startRow,
];

const signals = ['SIGINT', 'SIGTERM'] as const;

const help = `Measures the gate and prints one table. It asserts nothing: what falls short is shown, not failed.

  npm run bench -- [options]

  --only NAME       measure this row; may be given several times
  --quick           fewer and shorter rounds, about three minutes instead of six
  --json            print the results as JSON; they are written to bench/results/ in any case
  --profile FOLDER  take CPU profiles of the gate, which slow it down, and sum them up on stderr
  --help            this text

Targets hold for two cores. On a bigger machine: taskset -c 0,1 npm run bench

Rows:
${rows.map(({ name, about }) => `  ${name.padEnd(16)}  ${about}`).join('\n')}
`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function profilesOf({ name }: Row): string | undefined {
  return options.profile === undefined ? undefined : join(resolve(options.profile), name);
}

function chosenRows(names: readonly string[] | undefined): readonly Row[] {
  const unknown = names?.find((name) => rows.every((row) => row.name !== name));
  if (unknown !== undefined) {
    console.error(`There is no row ${unknown}. Rows: ${rows.map(({ name }) => name).join(', ')}`);
    process.exit(2);
  }
  return names === undefined ? rows : rows.filter(({ name }) => names.includes(name));
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
}

async function measure(row: Row, load: Bench['load']): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const interrupted = (): never => {
    remove();
    process.exit(130);
  };
  for (const signal of signals) process.once(signal, interrupted);
  try {
    return await row.measure({
      quick: options.quick,
      folder,
      profiles: profilesOf(row),
      load,
      progress: (text) => progress(`${row.name}: ${text}`),
    });
  } finally {
    for (const signal of signals) process.off(signal, interrupted);
    remove();
    progress('');
  }
}

async function run(chosen: readonly Row[]): Promise<void> {
  await using generator = startChild<LoadOrder, Measured>('load');
  const at = new Date();
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    /** Processes that wanted a core in the minute before, on average. */
    loadBefore: loadavg()[0] ?? 0,
  };
  const results: Result[] = [];
  const failures: { row: string; error: string }[] = [];
  for (const row of chosen) {
    try {
      results.push(...(await measure(row, (order) => generator.ask(order))));
    } catch (error) {
      failures.push({ row: row.name, error: error instanceof Error ? error.message : String(error) });
    }
  }
  for (const folder of chosen.map(profilesOf)) {
    if (folder !== undefined && existsSync(folder)) console.error(summaryOf(folder));
  }
  const seconds = Math.round((Date.now() - at.getTime()) / 1000);
  const report = {
    at: at.toISOString(),
    quick: options.quick,
    seconds,
    machine,
    results: results.map((result) => ({ ...result, verdict: verdictOf(result) })),
    failures,
  };
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const json = `${JSON.stringify(report, undefined, 2)}\n`;
  writeFileSync(join(folder, `${report.at.replaceAll(':', '-')}.json`), json);
  if (options.json) process.stdout.write(json);
  else console.log(table(results, `${machine.cpu}, ${machine.cores} cores, Node.js ${machine.node}, ${seconds} s`));
  if (machine.loadBefore > 0.5) {
    console.error(`The machine was busy before (load ${machine.loadBefore.toFixed(1)}), so these figures are too low.`);
  }
  for (const { row, error } of failures) console.error(`${row} could not be measured: ${error}`);
  if (failures.length > 0) process.exitCode = 1;
}

if (options.help) process.stdout.write(help);
else await run(chosenRows(options.only));
