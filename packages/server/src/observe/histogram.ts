import { byValue } from './by-value.ts';

export interface HistogramOptions<Value extends string> {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  /** Of the label. Each has a series, also before anything was observed. */
  readonly values: readonly Value[];
  /** Upper bounds, ascending, all finite. */
  readonly buckets: readonly number[];
}

export interface Histogram<Value extends string> {
  observe(value: Value, amount: number): void;
  /** In the Prometheus text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
  text(): string;
}

/**
 * A histogram of what happens with every request: to observe is to add to two numbers. prom-client's looks its labels up
 * anew each time, which costs more than a decision.
 */
export function createHistogram<Value extends string>(options: HistogramOptions<Value>): Histogram<Value> {
  const { name, help, label, values } = options;
  const bounds = [...options.buckets, Number.POSITIVE_INFINITY];
  const series = byValue(values, () => ({ sum: 0, counts: bounds.map(() => 0) }));

  function linesOf(value: Value): string[] {
    const { sum, counts } = series[value];
    const labelled = `${label}="${value}"`;
    let count = 0;
    const buckets = bounds.map((bound, place) => {
      count += counts[place] ?? 0;
      return `${name}_bucket{le="${bound === Number.POSITIVE_INFINITY ? '+Inf' : bound}",${labelled}} ${count}`;
    });
    return [...buckets, `${name}_sum{${labelled}} ${sum}`, `${name}_count{${labelled}} ${count}`];
  }

  return {
    observe(value, amount) {
      const observed = series[value];
      const place = bounds.findIndex((bound) => amount <= bound);
      observed.sum += amount;
      observed.counts[place] = (observed.counts[place] ?? 0) + 1;
    },
    text: () => [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...values.flatMap(linesOf), ''].join('\n'),
  };
}
