import { type ImageKind, imageKinds } from '@pullgate/policy';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ContentErrorCode } from '../content/content-error.ts';
import type { Operation } from '../pulls/pull-record.ts';
import { byValue } from './by-value.ts';
import { createHistogram } from './histogram.ts';

const verdicts = ['allow', 'deny'] as const;
const operations = ['token', 'manifest', 'blob', 'tags', 'referrers'] as const satisfies readonly Operation[];
const cacheResults = ['hit', 'miss', 'stale'] as const;

export type CacheResult = (typeof cacheResults)[number];

/** Numbers that somebody else keeps, read when the metrics are. */
export interface MetricReadings {
  readonly cacheBytes: () => number;
  readonly downloadsRunning: () => number;
  readonly pullRecordsPending: () => number;
  /** Milliseconds by target. */
  readonly deliveryLags: () => ReadonlyMap<string, number>;
  /** Milliseconds since 1970. Undefined without TLS. */
  readonly certificateExpiresAt: (() => number) | undefined;
}

export interface Metrics {
  decision(verdict: (typeof verdicts)[number], kind: ImageKind): void;
  /** Of whoever is not signed in, and was refused too often to be recorded. */
  unrecordedRefusal(): void;
  request(operation: Operation, seconds: number): void;
  cacheRequest(result: CacheResult): void;
  upstreamError(upstream: string, code: ContentErrorCode): void;
  /** Of `text()`. */
  readonly contentType: string;
  /** Everything, in the Prometheus text format. */
  text(): Promise<string>;
}

/** Seconds: a decision takes well under a millisecond, a layer from upstream takes minutes. */
const durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Series for upstreams are made as they fail; a configuration has a handful. */
const mostUpstreams = 50;

/**
 * Metrics with a registry of their own. What every request counts is a plain number that is read when somebody looks: a
 * counter of the library costs a microsecond each time. So each series starts at 0 rather than be missing until it first
 * happens.
 */
export function openMetrics(readings: MetricReadings): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const decided = byValue(verdicts, () => byValue(imageKinds, () => 0));
  new Counter({
    name: 'pullgate_decisions_total',
    help: 'Decisions about requests, by verdict and by the category of the image.',
    labelNames: ['verdict', 'category'],
    registers,
    collect() {
      this.reset();
      for (const verdict of verdicts) {
        for (const kind of imageKinds) this.inc({ verdict, category: kind }, decided[verdict][kind]);
      }
    },
  });
  const unrecorded = new Counter({
    name: 'pullgate_unrecorded_refusals_total',
    help: 'Requests without a sign-in from addresses that were refused too often in a minute: answered with 429.',
    registers,
  });
  const requests = createHistogram({
    name: 'pullgate_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    label: 'operation',
    values: operations,
    buckets: durations,
  });
  const looked = byValue(cacheResults, () => 0);
  new Counter({
    name: 'pullgate_cache_requests_total',
    help: 'Requests to the cache; stale when the upstream did not answer and the last known content was served.',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset();
      for (const result of cacheResults) this.inc({ result }, looked[result]);
    },
  });
  const upstreamErrors = new Counter({
    name: 'pullgate_upstream_errors_total',
    help: 'Requests to upstream registries that failed.',
    labelNames: ['upstream', 'code'],
    registers,
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('pullgate_cache_bytes', 'Bytes of content in the cache.', readings.cacheBytes);
  gauge('pullgate_downloads_running', 'Blobs being fetched from upstream.', readings.downloadsRunning);
  gauge('pullgate_pull_records_pending', 'Pull records not yet in the database.', readings.pullRecordsPending);
  const { certificateExpiresAt } = readings;
  if (certificateExpiresAt) {
    gauge(
      'pullgate_certificate_expiry_timestamp_seconds',
      'When the TLS certificate in use expires, in seconds since 1970.',
      () => certificateExpiresAt() / 1000,
    );
  }
  new Gauge({
    name: 'pullgate_delivery_lag_seconds',
    help: 'Time since the oldest event happened that a target of deliveries does not have yet.',
    labelNames: ['target'],
    registers,
    collect() {
      for (const [target, lag] of readings.deliveryLags()) this.set({ target }, lag / 1000);
    },
  });

  const upstreamLabel = boundedLabel(mostUpstreams);

  return {
    decision(verdict, kind) {
      decided[verdict][kind]++;
    },
    unrecordedRefusal: () => unrecorded.inc(),
    request: requests.observe,
    cacheRequest(result) {
      looked[result]++;
    },
    upstreamError: (upstream, code) => upstreamErrors.inc({ upstream: upstreamLabel(upstream), code }),
    contentType: registry.contentType,
    text: async () => (await registry.metrics()) + requests.text(),
  };
}

/** The first values as they are, all later ones as `other`: a series, once made, is kept in memory for good. */
function boundedLabel(limit: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.size < limit) known.add(value);
    return known.has(value) ? value : 'other';
  };
}
