import { setTimeout as sleep } from 'node:timers/promises';
import { buildImage, type SmallRegistry, type SmallRegistryOptions } from '@pullgate/small-registry';
import { beforeEach, describe, expect, test } from 'vitest';
import type { UpstreamCredential } from '../../src/upstream/authorization.ts';
import type { RegistryUpstreamOptions } from '../../src/upstream/registry-upstream.ts';
import { canary, failureOf, linesOf, robot, server, smallRegistry, source, upstreamAt } from './small-upstream.ts';

const image = buildImage({ files: { hello: 'world' } });
const latest = { tag: 'latest' };
const web = source('acme/web');
const forAcme = source('acme/web', 'organization:acme');

async function signInRegistry(options: SmallRegistryOptions = {}): Promise<SmallRegistry> {
  const registry = await smallRegistry({
    auth: { users: { robot: canary }, privateRepositories: ['acme/web'] },
    ...options,
  });
  registry.add('acme/web', image, ['latest']);
  registry.add('library/nginx', image, ['latest']);
  return registry;
}

const tokenRequests = ({ requests }: SmallRegistry) => requests.filter(({ url }) => url.startsWith('/token'));

describe('signing in with a token', () => {
  let registry: SmallRegistry;
  beforeEach(async () => {
    registry = await signInRegistry();
  });
  const upstreamWith = (options: Partial<RegistryUpstreamOptions> = {}) => upstreamAt(registry.url, options);

  test('goes through challenge, token, and the request again', async () => {
    await upstreamWith().describeManifest(source('library/nginx'), latest);
    expect(linesOf(registry)).toEqual([
      'HEAD /v2/library/nginx/manifests/latest',
      'GET /token',
      'HEAD /v2/library/nginx/manifests/latest',
    ]);
    const [request] = tokenRequests(registry);
    expect(Object.fromEntries(new URL(request!.url, registry.url).searchParams)).toEqual({
      service: 'small-registry',
      scope: 'repository:library/nginx:pull',
      client_id: 'pullgate',
    });
    expect(request?.headers['authorization']).toBeUndefined();
  });

  test('happens once for many requests, also when they come at the same time', async () => {
    const upstream = upstreamWith({ credentials: () => robot });
    await Promise.all(Array.from({ length: 10 }, () => upstream.manifest(web, latest)));
    await upstream.describeManifest(web, latest);
    expect(tokenRequests(registry)).toHaveLength(1);
  });

  test('happens again when the token expires', async () => {
    let now = 0;
    const upstream = upstreamWith({ now: () => now });
    await upstream.describeManifest(source('library/nginx'), latest);
    now = 269_000;
    await upstream.describeManifest(source('library/nginx'), latest);
    expect(tokenRequests(registry)).toHaveLength(1);
    now = 271_000;
    await upstream.describeManifest(source('library/nginx'), latest);
    expect(tokenRequests(registry)).toHaveLength(2);
  });

  test('happens again when the registry no longer takes the token', async () => {
    const upstream = upstreamWith({ credentials: () => robot });
    await upstream.describeManifest(web, latest);
    registry.revokeTokens();
    await upstream.describeManifest(web, latest);
    expect(tokenRequests(registry)).toHaveLength(2);
  });

  test('happens once per request at most: a registry that takes no token has no such repository', async () => {
    registry.faults.always(/\/v2\//, { kind: 'status', status: 401 });
    await failureOf(upstreamWith().describeManifest(source('library/nginx'), latest), 'not-found');
    expect(registry.requests.length).toBeLessThanOrEqual(3);
  });

  test('is separate for each audience: what an organization may read stays with it', async () => {
    const upstream = upstreamWith({
      credentials: (audience) => (audience === 'organization:acme' ? robot : undefined),
    });
    await expect(upstream.manifest(forAcme, latest)).resolves.toMatchObject({ digest: image.root.digest });
    await failureOf(upstream.manifest(web, latest), 'not-found');
    expect(tokenRequests(registry).map(({ headers }) => headers['authorization'] !== undefined)).toEqual([true, false]);
  });

  test('uses a changed credential at once, and forgets what the old one was granted', async () => {
    let credential: UpstreamCredential | undefined = robot;
    const upstream = upstreamWith({ credentials: () => credential });
    await upstream.manifest(web, latest);
    credential = undefined;
    await failureOf(upstream.manifest(web, latest), 'not-found');
    credential = { username: 'robot', password: 'wrong' };
    await failureOf(upstream.manifest(web, latest), 'upstream-denied');
  });

  test('with a credential that is refused says so, and whose it is', async () => {
    const upstream = upstreamWith({ credentials: () => ({ username: 'other', password: canary }) });
    const { message } = await failureOf(upstream.manifest(web, latest), 'upstream-denied');
    expect(message).toBe('registry.example refuses the credential that this gate is configured with.');
  });

  test.each([401, 403])('without a credential, %i of the token service means no such repository', async (status) => {
    registry.faults.always(/\/token/, { kind: 'status', status });
    await failureOf(upstreamWith().manifest(web, latest), 'not-found');
  });

  test('with a credential, 403 of the token service means no such repository', async () => {
    registry.faults.always(/\/token/, { kind: 'status', status: 403 });
    await failureOf(upstreamWith({ credentials: () => robot }).manifest(web, latest), 'not-found');
  });

  test('passes on that the token service asks to slow down', async () => {
    registry.faults.always(/\/token/, { kind: 'status', status: 429, retryAfter: '7' });
    const { retryAfter } = await failureOf(upstreamWith().manifest(web, latest), 'rate-limited');
    expect(retryAfter).toBe(7);
    expect(tokenRequests(registry)).toHaveLength(1);
  });

  test('is tried again when the token service is not available', async () => {
    registry.faults.once(/\/token/, { kind: 'status', status: 503 });
    await expect(upstreamWith({ credentials: () => robot }).manifest(web, latest)).resolves.toBeDefined();
  });
});

describe('the credential goes to the configured token service only', () => {
  test('when the registry names it', async () => {
    const elsewhere = await signInRegistry();
    const registry = await signInRegistry({ auth: { realm: `${elsewhere.url}/token` } });
    const token = { realm: `${elsewhere.url}/token`, service: 'pinned' };
    const upstream = upstreamAt(registry.url, { token, credentials: () => robot });
    // The tokens of one are not those of the other: what counts here is where the password went.
    await failureOf(upstream.manifest(web, latest), 'not-found');
    expect(elsewhere.requests).toHaveLength(1);
    expect(elsewhere.requests[0]?.url).toContain('service=pinned');
    expect(elsewhere.requests[0]?.headers['authorization']).toMatch(/^Basic /);
  });

  test.each<[string, (elsewhere: string) => Partial<RegistryUpstreamOptions>]>([
    ['none is configured', () => ({})],
    ['another one is configured', () => ({ token: { realm: 'https://auth.example/token', service: undefined } })],
    ['another path of it is configured', (url) => ({ token: { realm: `${url}/other`, service: undefined } })],
  ])('never to a foreign one, when %s', async (_, options) => {
    const elsewhere = await signInRegistry();
    const registry = await signInRegistry({ auth: { realm: `${elsewhere.url}/token` } });
    const upstream = upstreamAt(registry.url, { credentials: () => robot, ...options(elsewhere.url) });
    const { message } = await failureOf(upstream.manifest(web, latest), 'untrustworthy');
    expect(message).toContain(`names ${elsewhere.url}/token for signing in`);
    expect(elsewhere.requests).toEqual([]);
  });

  test.each([
    ['another port', (url: string) => url.replace(/:\d+$/, ':1')],
    ['another scheme', (url: string) => url.replace('http:', 'https:')],
    ['a user name in front', (url: string) => url.replace('http://', 'http://robot@')],
    ['the host as a user name', (url: string) => `${url}@evil.example`],
    ['no address at all', () => 'token'],
  ])('never to the registry with %s', async (_, realm) => {
    const registry = await signInRegistry();
    registry.faults.always(/./, { kind: 'realm', realm: `${realm(registry.url)}/token` });
    await failureOf(upstreamAt(registry.url, { credentials: () => robot }).manifest(web, latest), 'untrustworthy');
    expect(tokenRequests(registry)).toEqual([]);
  });

  test('never where the token service redirects', async () => {
    const elsewhere = await signInRegistry();
    const registry = await signInRegistry();
    registry.faults.always(/\/token/, { kind: 'redirect', location: `${elsewhere.url}/token` });
    await failureOf(upstreamAt(registry.url, { credentials: () => robot }).manifest(web, latest), 'untrustworthy');
    expect(elsewhere.requests).toEqual([]);
  });

  test('never in answer to a challenge from where a redirect leads', async () => {
    const storage = await signInRegistry({ auth: { users: {}, privateRepositories: ['acme/web'] } });
    const registry = await smallRegistry({ redirectBlobsTo: storage.url });
    registry.add('acme/web', image);
    const upstream = upstreamAt(registry.url, { credentials: () => robot });
    await failureOf(upstream.fetchBlob(web, image.config.digest as never, 0), 'unavailable');
    expect(linesOf(storage)).toEqual([`GET /v2/acme/web/blobs/${image.config.digest}`]);
  });
});

describe('what a token service may answer', () => {
  const registryWith = (answer: string) =>
    server((request, response) => {
      if (request.url?.startsWith('/token')) return response.end(answer);
      const realm = `http://${request.headers.host}/token`;
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="x"` }).end();
    });

  test.each([
    ['no JSON', 'token'],
    ['no object', '[]'],
    ['no token', '{}'],
    ['an empty token', '{"token":""}'],
    ['a token that would break the header', JSON.stringify({ token: 'a\r\nX-Evil: 1' })],
    ['a token that no server would take', JSON.stringify({ token: 'a'.repeat(20_000) })],
    ['more than a mebibyte', JSON.stringify({ token: 'a', padding: ' '.repeat(1024 * 1024) })],
  ])('not %s', async (_, answer) => {
    await failureOf(upstreamAt(await registryWith(answer)).manifest(web, latest), 'untrustworthy');
  });
});

describe('signing in with HTTP Basic', () => {
  const basic = `Basic ${Buffer.from(`robot:${canary}`).toString('base64')}`;
  let seen: (string | undefined)[] = [];
  const registry = () => {
    seen = [];
    return server(({ headers }, response) => {
      seen.push(headers.authorization);
      if (headers.authorization !== basic) {
        return response.writeHead(401, { 'www-authenticate': 'Basic realm="registry, with a comma"' }).end();
      }
      const { mediaType, digest, bytes } = image.root;
      response.writeHead(200, { 'content-type': mediaType, 'docker-content-digest': digest }).end(bytes);
    });
  };

  test('answers the challenge, and is remembered', async () => {
    const upstream = upstreamAt(await registry(), { credentials: () => robot });
    await upstream.manifest(web, latest);
    await upstream.manifest(web, latest);
    expect(seen).toEqual([undefined, basic, basic]);
  });

  test('tells that the credential is refused', async () => {
    const wrong = { username: 'robot', password: `${canary}-wrong` };
    const upstream = upstreamAt(await registry(), { credentials: () => wrong });
    await failureOf(upstream.manifest(web, latest), 'upstream-denied');
  });

  test('needs a credential', async () => {
    await failureOf(upstreamAt(await registry()).manifest(web, latest), 'not-found');
    expect(seen).toEqual([undefined]);
  });
});

test('a slow sign-in of one organization does not hold up another', async () => {
  const registry = await signInRegistry();
  const upstream = upstreamAt(registry.url, {
    credentials: (audience) => (audience === 'public' ? undefined : robot),
  });
  registry.faults.once(/\/token/, { kind: 'hang' });
  const hanging = upstream.manifest(forAcme, latest).catch(() => undefined);
  while (tokenRequests(registry).length === 0) await sleep(1);
  await expect(upstream.manifest(source('library/nginx'), latest)).resolves.toBeDefined();
  await upstream.close();
  await hanging;
});
