import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SmallHub, startSmallHub } from '../src/index.ts';
import { ask, documentOf } from './client.ts';

let hub: SmallHub;

beforeEach(async () => {
  hub = await startSmallHub({
    namespaces: { northwind: 'verified_publisher', librelab: 'open_source', acme: '', somebody: 'user' },
  });
});

afterEach(() => hub.close());

describe('GET /v2/orgs/{name}', () => {
  test.each([
    ['northwind', 'verified_publisher'],
    ['librelab', 'open_source'],
    ['acme', ''],
  ])('%s has the badge "%s", with and without a slash at the end', async (name, badge) => {
    for (const slash of ['', '/']) {
      const reply = await ask(`${hub.url}/v2/orgs/${name}${slash}`);
      expect(reply.status).toBe(200);
      expect(documentOf(reply)).toMatchObject({ orgname: name, type: 'Organization', badge, is_active: true });
    }
  });

  test('leads to the person when the name is one', async () => {
    const reply = await ask(`${hub.url}/v2/orgs/somebody/`);
    expect(reply).toMatchObject({ status: 302, headers: { location: '/v2/users/somebody' } });
    const followed = await ask(hub.url + reply.headers.location);
    expect(documentOf(followed)).toMatchObject({ username: 'somebody', type: 'User' });
    expect(documentOf(followed)).not.toHaveProperty('badge');
  });

  test('is 404 for an unknown name', async () => {
    const reply = await ask(`${hub.url}/v2/orgs/nobody/`);
    expect(reply.status).toBe(404);
    expect(documentOf(reply)).toEqual({ message: 'object not found', errinfo: {} });
  });
});

test('GET /v2/users/{name} leads to the organization when the name is one', async () => {
  const reply = await ask(`${hub.url}/v2/users/acme`);
  expect(reply).toMatchObject({ status: 308, headers: { location: '/v2/orgs/acme' } });
});

test('badges change while the hub runs', async () => {
  hub.set('northwind', '');
  expect(documentOf(await ask(`${hub.url}/v2/orgs/northwind/`))).toMatchObject({ badge: '' });
  hub.remove('northwind');
  expect((await ask(`${hub.url}/v2/orgs/northwind/`)).status).toBe(404);
});

test('faults and the request log work as those of the registry', async () => {
  hub.faults.once(/orgs\/acme/, { kind: 'status', status: 429, retryAfter: '30' });
  const reply = await ask(`${hub.url}/v2/orgs/acme/`);
  expect(reply).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
  expect(hub.requests).toMatchObject([{ method: 'GET', url: '/v2/orgs/acme/' }]);
});
