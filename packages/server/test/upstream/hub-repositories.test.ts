import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createHubRepositories } from '../../src/upstream/hub-repositories.ts';

const credential = { username: 'acme', password: 'hub-secret' };
const ownAudience = 'organization:acme-id';

interface HubAnswer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

async function hubThat(answer: (request: IncomingMessage) => HubAnswer) {
  const asked: { readonly target: string; readonly authorization: string | undefined }[] = [];
  let now = 1_800_000_000_000;
  const server = createServer((request, response) => {
    asked.push({ target: `${request.method} ${request.url}`, authorization: request.headers.authorization });
    request.resume();
    const {
      status = 200,
      body = {},
      headers = {},
    } = request.method === 'POST' ? { body: { access_token: `bearer-${asked.length}` } } : answer(request);
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hub = createHubRepositories({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    allowHttp: true,
    allowPrivateAddresses: true,
    credentials: (audience) => (audience === ownAudience ? credential : undefined),
    now: () => now,
  });
  onTestFinished(async () => {
    await hub.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    hub,
    asked,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

const page = { page: 2, page_size: 10 };

it('asks for a page in the name of the organization, and keeps the bearer for a while', async () => {
  const { hub, asked, pass } = await hubThat(() => ({
    body: { count: 31, results: [{ name: 'web', namespace: 'acme' }] },
  }));
  const { items, total } = await hub.list(ownAudience, 'acme', { ...page, name: 'w&b' });
  expect([total, items[0]?.name]).toEqual([31, 'web']);
  await hub.list(ownAudience, 'acme', page);
  pass(9 * 60_000);
  await hub.list(ownAudience, 'acme', page);
  expect(asked).toEqual([
    { target: 'POST /v2/auth/token', authorization: undefined },
    { target: 'GET /v2/namespaces/acme/repositories?page=2&page_size=10&name=w%26b', authorization: 'Bearer bearer-1' },
    { target: 'GET /v2/namespaces/acme/repositories?page=2&page_size=10', authorization: 'Bearer bearer-1' },
    { target: 'POST /v2/auth/token', authorization: undefined },
    { target: 'GET /v2/namespaces/acme/repositories?page=2&page_size=10', authorization: 'Bearer bearer-4' },
  ]);
});

it('asks for what is public without a credential', async () => {
  const { hub, asked } = await hubThat(() => ({ body: { name: 'web', namespace: 'acme' } }));
  await hub.find('public', 'acme', 'web');
  expect(asked).toEqual([{ target: 'GET /v2/namespaces/acme/repositories/web', authorization: undefined }]);
});

it('gives what clients need, whatever Docker Hub leaves out, and no more rights than pulling', async () => {
  const { hub } = await hubThat(() => ({
    body: {
      name: 'web',
      namespace: 'acme',
      pull_count: null,
      last_updated: 'soon',
      permissions: { admin: true },
      more: 1,
    },
  }));
  expect(await hub.find('public', 'acme', 'web')).toMatchObject({
    name: 'web',
    pull_count: 0,
    last_updated: null,
    description: '',
    is_private: false,
    permissions: { read: true, write: false, admin: false },
    immutable_tags_settings: { enabled: false, rules: [] },
    more: 1,
  });
});

it('gives tags with the types that Go decodes', async () => {
  const { hub } = await hubThat(() => ({ body: { name: 'latest', v2: 'true', images: null } }));
  expect(await hub.tag('public', 'acme', 'web', 'latest')).toMatchObject({
    name: 'latest',
    v2: true,
    images: [],
    id: 0,
  });
});

it('writes each part of a name as one part of the path', async () => {
  const { hub, asked } = await hubThat(() => ({ body: { name: 'x', namespace: 'x' } }));
  await hub.tag('public', 'a/b', 'c?d', '../e').catch(() => undefined);
  expect(asked[0]?.target).toBe('GET /v2/namespaces/a%2Fb/repositories/c%3Fd/tags/..%2Fe');
});

it.each<[string, HubAnswer, string]>([
  ['nothing', { status: 404 }, 'not-found'],
  ['something that is not shown', { status: 403 }, 'not-found'],
  ['a refused credential', { status: 401 }, 'upstream-denied'],
  ['a limit', { status: 429, headers: { 'retry-after': '7' } }, 'rate-limited'],
  ['a failure', { status: 500 }, 'unavailable'],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'unavailable'],
  ['no JSON', { body: '<html>' }, 'untrustworthy'],
  ['another shape', { body: { results: 7 } }, 'untrustworthy'],
  ['more than anybody reads', { body: 'x'.repeat(9 * 1024 * 1024) }, 'untrustworthy'],
])('fails in the gate’s own words on %s', async (_what, answer, code) => {
  const { hub } = await hubThat(() => answer);
  const failure = await hub.list('public', 'acme', page).catch((error) => error);
  expect(failure).toMatchObject({ name: 'ContentError', code });
  expect(failure.message).not.toContain('html');
  if (code === 'rate-limited') expect(failure.retryAfter).toBe(7);
});
