import type { LoadOrder, Measured } from './load.ts';

/** What a row of the table needs to be measured. */
export interface Bench {
  /** Fewer and shorter rounds. */
  readonly quick: boolean;
  /** For everything that the row writes. Removed after it. */
  readonly folder: string;
  /** Where CPU profiles of the gate go; none are taken without it. */
  readonly profiles: string | undefined;
  /** Has the load generator's process work. */
  load(order: LoadOrder): Promise<Measured>;
  progress(text: string): void;
}

export interface Row {
  readonly name: string;
  readonly about: string;
  measure(bench: Bench): Promise<Result[]>;
}

/** One line of the table. */
export interface Result {
  readonly name: string;
  readonly unit: Unit;
  readonly target: Target;
  /** Undefined when it could not be measured here; `detail` says why. */
  readonly measured: number | undefined;
  /** What the figure was made of. */
  readonly detail: string;
  /** Of every round, in its order. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
}

export type Unit = 'µs' | 'ms' | '%' | '×' | '/s' | 'MiB';
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** Measures the sides in turn and turns their order round each time, so that drift falls on all of them alike. */
export async function alternate<Side extends string>(
  bench: Bench,
  rounds: number,
  sides: Readonly<Record<Side, (round: number) => Promise<number>>>,
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      bench.progress(`round ${round + 1} of ${rounds}: ${name}`);
      samples[name].push(await sides[name](round));
    }
  }
  return samples;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** The median of what one side was to the other in the same round. */
export function ratio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}

/** Whole numbers with separators, small ones with two digits. */
export function figure(value: number): string {
  return value.toLocaleString('en', value < 20 ? { maximumFractionDigits: 2 } : { maximumFractionDigits: 0 });
}
