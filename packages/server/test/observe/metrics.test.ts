import { expect, test } from 'vitest';
import { openMetrics } from '../../src/observe/metrics.ts';

const readings = {
  cacheBytes: () => 0,
  downloadsRunning: () => 0,
  pullRecordsPending: () => 0,
  deliveryLags: () => new Map<string, number>(),
  certificateExpiresAt: undefined,
};

/** The samples of the text format whose name starts so. */
async function samples(metrics: { text(): Promise<string> }, name: string): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith(name));
}

test('decisions are counted by verdict and category, images of other registries by themselves, all from 0', async () => {
  const metrics = openMetrics(readings);
  metrics.decision('deny', 'community');
  metrics.decision('deny', 'community');
  metrics.decision('allow', 'official');
  metrics.decision('allow', 'other-registry');
  const counted = await samples(metrics, 'pullgate_decisions_total');
  expect(counted).toHaveLength(12);
  expect(counted).toContain('pullgate_decisions_total{verdict="allow",category="other-registry"} 1');
  expect(counted).toContain('pullgate_decisions_total{verdict="deny",category="community"} 2');
  expect(counted).toContain('pullgate_decisions_total{verdict="allow",category="official"} 1');
  expect(counted).toContain('pullgate_decisions_total{verdict="deny",category="official"} 0');
});

test('requests are measured by operation', async () => {
  const metrics = openMetrics(readings);
  metrics.request('manifest', 0.003);
  metrics.request('manifest', 2);
  const measured = await samples(metrics, 'pullgate_request_duration_seconds');
  expect(measured).toContain('pullgate_request_duration_seconds_bucket{le="0.0025",operation="manifest"} 0');
  expect(measured).toContain('pullgate_request_duration_seconds_bucket{le="0.005",operation="manifest"} 1');
  expect(measured).toContain('pullgate_request_duration_seconds_bucket{le="+Inf",operation="manifest"} 2');
  expect(measured).toContain('pullgate_request_duration_seconds_sum{operation="manifest"} 2.003');
  expect(measured).toContain('pullgate_request_duration_seconds_count{operation="manifest"} 2');
  expect(measured).toContain('pullgate_request_duration_seconds_count{operation="token"} 0');
});

test('a duration at a bound is within it, and one beyond all bounds is counted too', async () => {
  const metrics = openMetrics(readings);
  metrics.request('blob', 300);
  metrics.request('blob', 301);
  const measured = await samples(metrics, 'pullgate_request_duration_seconds_bucket{le="300",operation="blob"}');
  expect(measured).toEqual(['pullgate_request_duration_seconds_bucket{le="300",operation="blob"} 1']);
  const all = await samples(metrics, 'pullgate_request_duration_seconds_bucket{le="+Inf",operation="blob"}');
  expect(all).toEqual(['pullgate_request_duration_seconds_bucket{le="+Inf",operation="blob"} 2']);
});

test('every metric tells what it is, once', async () => {
  const lines = (await openMetrics(readings).text()).split('\n');
  expect(lines.at(-1)).toBe('');
  const types = lines.filter((line) => line.startsWith('# TYPE pullgate_')).map((line) => line.split(' ')[2]);
  expect(types).toContain('pullgate_request_duration_seconds');
  expect(new Set(types).size).toBe(types.length);
  const named = lines.filter((line) => line.startsWith('pullgate_')).map((line) => line.split(/[{ ]/)[0] ?? '');
  for (const name of named) expect(types).toContain(name.replace(/_(bucket|sum|count)$/, ''));
});

test('the cache is counted by result', async () => {
  const metrics = openMetrics(readings);
  metrics.cacheRequest('hit');
  metrics.cacheRequest('stale');
  expect(await samples(metrics, 'pullgate_cache_requests_total')).toEqual([
    'pullgate_cache_requests_total{result="hit"} 1',
    'pullgate_cache_requests_total{result="miss"} 0',
    'pullgate_cache_requests_total{result="stale"} 1',
  ]);
});

test('upstreams make a bounded number of series', async () => {
  const metrics = openMetrics(readings);
  for (let index = 0; index < 200; index++) metrics.upstreamError(`registry-${index}.example`, 'unavailable');
  metrics.upstreamError('registry-0.example', 'rate-limited');
  const counted = await samples(metrics, 'pullgate_upstream_errors_total');
  expect(counted).toHaveLength(52);
  expect(counted).toContain('pullgate_upstream_errors_total{upstream="registry-0.example",code="rate-limited"} 1');
  expect(counted).toContain('pullgate_upstream_errors_total{upstream="other",code="unavailable"} 150');
});

test('what others keep is read when it is asked for', async () => {
  let bytes = 1;
  const metrics = openMetrics({
    cacheBytes: () => bytes,
    downloadsRunning: () => 2,
    pullRecordsPending: () => 3,
    deliveryLags: () => new Map([['webhook:siem', 1500]]),
    certificateExpiresAt: () => 1_800_000_000_000,
  });
  expect(await samples(metrics, 'pullgate_certificate')).toEqual([
    'pullgate_certificate_expiry_timestamp_seconds 1800000000',
  ]);
  expect(await samples(metrics, 'pullgate_cache_bytes')).toEqual(['pullgate_cache_bytes 1']);
  bytes = 10;
  expect(await samples(metrics, 'pullgate_cache_bytes')).toEqual(['pullgate_cache_bytes 10']);
  expect(await samples(metrics, 'pullgate_downloads_running')).toEqual(['pullgate_downloads_running 2']);
  expect(await samples(metrics, 'pullgate_pull_records_pending')).toEqual(['pullgate_pull_records_pending 3']);
  expect(await samples(metrics, 'pullgate_delivery_lag_seconds')).toEqual([
    'pullgate_delivery_lag_seconds{target="webhook:siem"} 1.5',
  ]);
});

test('the process itself is measured too, and two sets of metrics are apart', async () => {
  const [one, other] = [openMetrics(readings), openMetrics(readings)];
  one.cacheRequest('hit');
  expect(await samples(one, 'process_resident_memory_bytes')).toHaveLength(1);
  expect(await samples(other, 'pullgate_cache_requests_total{result="hit"}')).toEqual([
    'pullgate_cache_requests_total{result="hit"} 0',
  ]);
  expect(one.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
});
