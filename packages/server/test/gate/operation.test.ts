import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { randomBlobImage, selfSignedCertificate } from '@pullgate/small-registry';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../src/http/listener.ts';
import { loadConfiguration, startGate } from '../../src/index.ts';
import { openLog } from '../../src/observe/log.ts';
import { starting } from '../../src/router.ts';
import { openSmallWorld, repositories, type SmallWorld, startTimeout } from './small-world.ts';

// What whoever operates the gate relies on.

let world: SmallWorld;
beforeAll(async () => {
  // Slow enough to be closed in the middle of a download, with more patience than a test has.
  world = await openSmallWorld({ settings: 'shutdown: { grace: 5m }\n', registry: { bytesPerSecond: 400_000 } });
}, startTimeout);
afterAll(() => world.close(), startTimeout);

describe('a running gate', () => {
  it.each([
    ['/healthz', { status: 'ok' }],
    ['/readyz', { status: 'ready' }],
  ])('says so at %s, to whoever asks', async (path, body) => {
    const answer = await world.ask(path);
    expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([200, body]);
    expect((await world.ask(path, { method: 'HEAD' })).status).toBe(200);
    expect((await world.ask(path, { method: 'POST' })).status).toBe(405);
  });

  it('counts what it decides, serves and fetches', async () => {
    await world.pull(world.member, `/v2/${repositories.official}/manifests/latest`);
    await world.pull(world.member, `/v2/${repositories.official}/manifests/latest`);
    await world.pull(world.member, `/v2/${repositories.community}/manifests/latest`);
    world.registry.faults.once(/nowhere/, { kind: 'status', status: 500 });
    await world.pull(world.member, `/v2/${repositories.official}/manifests/nowhere`);
    const answer = await world.ask('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    const metrics = answer.body.toString();
    const value = (series: string) =>
      Number(
        metrics
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')[1],
      );
    expect(value('pullgate_decisions_total{verdict="allow",category="official"}')).toBe(3);
    expect(value('pullgate_decisions_total{verdict="deny",category="community"}')).toBe(1);
    expect(value('pullgate_decisions_total{verdict="deny",category="organization"}')).toBe(0);
    expect(value('pullgate_cache_requests_total{result="hit"}')).toBe(1);
    expect(value('pullgate_cache_requests_total{result="miss"}')).toBe(1);
    expect(value('pullgate_upstream_errors_total{upstream="docker.io",code="unavailable"}')).toBe(1);
    expect(value('pullgate_request_duration_seconds_count{operation="manifest"}')).toBe(4);
    expect(value('pullgate_downloads_running')).toBe(0);
    for (const name of ['pullgate_cache_bytes', 'pullgate_pull_records_pending', 'process_resident_memory_bytes']) {
      expect(value(name), name).toBeGreaterThanOrEqual(0);
    }
    // Neither people nor repositories: whoever may read this may not read who pulls what.
    expect(metrics).not.toMatch(/olivia|acme|alpine|miner/);
  });

  it('tells members how its cache and its registries do, also since a time', async () => {
    await world.pull(world.member, `/v2/${repositories.official}/manifests/latest`);
    const { username, pat } = world.member;
    const login = await world.ask('/v2/users/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: pat }),
    });
    const authorization = `Bearer ${JSON.parse(login.body.toString()).token}`;
    const status = async (query = '') =>
      JSON.parse((await world.ask(`/v2/status${query}`, { headers: { authorization } })).body.toString());
    const all = await status();
    expect(all.cache.hits).toBeGreaterThanOrEqual(1);
    expect(all.cache.misses).toBeGreaterThanOrEqual(1);
    expect(all.upstreams).toContainEqual(
      expect.objectContaining({ registry: 'docker.io', last_success_at: expect.any(String) }),
    );
    const hours = 3_600_000;
    const earlier = await status(`?from=${new Date(Date.now() - 24 * hours).toISOString()}`);
    expect(earlier.cache).toEqual(all.cache);
    const later = await status(`?from=${new Date(Date.now() + 2 * hours).toISOString()}`);
    expect(later.cache).toMatchObject({ hits: 0, misses: 0 });
  });

  it.each(['/', '/v1/', '/v1/search', '/favicon.ico', '/metrics/', '/healthz/../metrics'])(
    'has nothing at %s',
    async (path) => {
      const answer = await world.ask(path);
      expect(answer.status).toBe(404);
      expect(answer.body.toString()).toContain(`localhost:${world.gate.port}/library/alpine`);
    },
  );
});

describe('a gate that starts', () => {
  it('is alive, and serves nothing yet', async () => {
    const listener = await listen({
      host: '127.0.0.1',
      port: 0,
      tls: undefined,
      handle: starting,
      onUnexpected: () => {},
    });
    onTestFinished(() => listener.close(0));
    const status = async (path: string) => {
      const asked = httpRequest({ host: '127.0.0.1', port: listener.port, path, agent: false }).end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      return [response.statusCode, response.headers['retry-after'], await text(response)];
    };
    expect(await status('/healthz')).toEqual([200, undefined, '{"status":"ok"}']);
    for (const path of [
      '/readyz',
      '/metrics',
      '/v2/',
      '/token',
      `/v2/${repositories.official}/manifests/latest`,
      '/d/0',
    ]) {
      expect(await status(path)).toEqual([503, '1', expect.stringContaining('The gate is starting')]);
    }
  });

  it('does not touch anything when its port is taken', async () => {
    const data = join(world.folder, 'other-data');
    const configuration = { ...world.configuration, data, listen: { host: '127.0.0.1', port: world.gate.port } };
    await expect(startGate(configuration, openLog('silent'))).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(existsSync(data)).toBe(false);
  });

  it('lets its port go when it cannot start', async () => {
    const data = join(world.folder, 'a-file');
    await writeFile(data, 'not a folder');
    const free = await listen({ host: '127.0.0.1', port: 0, tls: undefined, handle: starting, onUnexpected: () => {} });
    await free.close(0);
    const configuration = { ...world.configuration, data, listen: { host: '127.0.0.1', port: free.port } };
    await expect(startGate(configuration, openLog('silent'))).rejects.toThrow();
    const again = await listen({
      host: '127.0.0.1',
      port: free.port,
      tls: undefined,
      handle: starting,
      onUnexpected: () => {},
    });
    await again.close(0);
  });

  it('is refused the data folder of a running one', async () => {
    await expect(startGate(world.configuration, openLog('silent'))).rejects.toThrow(/another|running|in use/i);
    expect((await world.ask('/readyz')).status).toBe(200);
  });
});

describe('a gate that stops', () => {
  it('finishes a running download, for its client and for the cache, and takes nothing new', async () => {
    const image = randomBlobImage(600_000, 'stopping');
    const layer = image.layers[0];
    world.registry.add('acme/large', image, ['latest']);
    const path = `/v2/acme/large/blobs/${layer?.digest}`;
    const authorization = `Bearer ${await world.token(world.member, 'acme/large')}`;
    const { port } = world.gate;
    const asked = httpRequest({
      host: '127.0.0.1',
      port,
      path,
      headers: { authorization, connection: 'keep-alive' },
    }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const received = buffer(response);
    const closing = world.gate.close();
    await expect(world.ask('/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect((await received).equals(Buffer.concat([...(layer?.read() ?? [])]))).toBe(true);
    await closing;

    world.registry.requests.length = 0;
    await world.restart();
    expect((await world.pull(world.member, path)).body.equals(await received)).toBe(true);
    expect(world.registry.requests.filter(({ method }) => method === 'GET')).toEqual([]);
  });
});

describe('over TLS', () => {
  async function startSecure() {
    const folder = await mkdtemp(join(tmpdir(), 'pullgate-tls-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    async function renew(): Promise<string> {
      const { cert, key } = selfSignedCertificate();
      await writeFile(join(folder, 'cert.pem'), cert);
      await writeFile(join(folder, 'key.pem'), key);
      return cert;
    }
    const certificate = await renew();
    await writeFile(
      join(folder, 'pullgate.yaml'),
      `listen: { port: 0 }\ntls: { certificate: cert.pem, key: key.pem }\nhub: { url: '${world.hub.url}' }\n`,
    );
    const gate = await startGate(loadConfiguration({ env: {}, cwd: folder }), openLog('silent'));
    onTestFinished(() => gate.close());
    /** Over a new connection, by a client that trusts the one certificate. Rejects when the gate has another one. */
    async function get(path: string, ca: string) {
      const asked = httpsRequest({ host: '127.0.0.1', port: gate.port, path, ca, agent: false }).end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      return { status: response.statusCode, headers: response.headers, body: await text(response) };
    }
    return { gate, certificate, renew, get };
  }

  it('serves, and names its https address to clients', async () => {
    const { gate, certificate, get } = await startSecure();
    expect(gate.url).toBe(`https://localhost:${gate.port}`);
    const { status, headers } = await get('/v2/', certificate);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toContain(`realm="https://localhost:${gate.port}/token"`);
  });

  it('takes a renewed certificate without a restart, and tells when it expires', async () => {
    const { certificate, renew, get } = await startSecure();
    const renewed = await renew();
    await expect.poll(() => get('/healthz', renewed), { timeout: 20_000 }).toMatchObject({ status: 200 });
    await expect(get('/healthz', certificate)).rejects.toThrow(/self-signed|signature/);
    const { body } = await get('/metrics', renewed);
    const [, expiry] = /^pullgate_certificate_expiry_timestamp_seconds (\S+)$/m.exec(body) ?? [];
    expect(Number(expiry)).toBe(new X509Certificate(renewed).validToDate.getTime() / 1000);
    expect((await world.ask('/metrics')).body.toString()).not.toContain('pullgate_certificate');
  }, 30_000);
});
