import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { clientOf } from '../src/client.ts';
import {
  ApiError,
  addressOf,
  type Client,
  clientEndpoints,
  createClient,
  endpoints,
  itemsOf,
  type MemberBody,
} from '../src/index.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

let server: Server;
let baseUrl: string;
let received: Received[];
let reply: (request: Received) => Reply;

beforeEach(async () => {
  received = [];
  reply = () => ({ status: 200, body: '{}' });
  server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const one = { method, url, headers, body: await text(request) };
    received.push(one);
    const { status, headers: answered = {}, body } = reply(one);
    response.writeHead(status, answered).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

function client(): Client {
  return createClient({ baseUrl, token: 'the-bearer' });
}

async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ApiError) return error;
  throw new Error(`Not refused: ${error}`);
}

describe('The client', () => {
  it('asks for a list with its filters and gives what was answered', async () => {
    const page = { count: 0, next: null, previous: null, results: [] };
    reply = () => ({ status: 200, body: JSON.stringify(page) });
    const answer = await client().listMembers({
      params: { org: 'acme' },
      query: { search: 'a&b c', invites: true, page: 2, role: undefined },
    });
    expect(answer).toEqual(page);
    expectTypeOf(answer.results).toEqualTypeOf<MemberBody[]>();
    expect(received[0]).toMatchObject({
      method: 'GET',
      url: '/v2/orgs/acme/members?search=a%26b+c&invites=true&page=2',
    });
    expect(received[0]?.headers).toMatchObject({ authorization: 'Bearer the-bearer' });
    expect(received[0]?.headers['content-type']).toBeUndefined();
  });

  it('sends a body, and nothing where there is none', async () => {
    reply = ({ method }) => (method === 'POST' ? { status: 201, body: '{"id":1}' } : { status: 204 });
    await client().createGroup({ params: { org: 'acme' }, body: { name: 'web' } });
    expect(await client().deleteGroup({ params: { org: 'acme', team: 'web' } })).toBeUndefined();
    expect(received).toMatchObject([
      { method: 'POST', url: '/v2/orgs/acme/groups', body: '{"name":"web"}' },
      { method: 'DELETE', url: '/v2/orgs/acme/groups/web', body: '' },
    ]);
    expect(received[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
  });

  it('names the version that a change was made from', async () => {
    await client().updateImageAccess({ params: { org: 'acme' }, body: { enabled: true }, ifMatch: 7 });
    expect(received[0]?.headers['if-match']).toBe('"7"');
  });

  it('gives an export as text', async () => {
    reply = () => ({ status: 200, headers: { 'Content-Type': 'text/csv' }, body: 'Name\r\n' });
    expect(await client().exportMembers({ params: { org: 'acme' } })).toBe('Name\r\n');
  });

  it('asks for the bearer anew each time, and sends none when there is none', async () => {
    const bearers = [undefined, 'second'];
    const changing = createClient({ baseUrl, token: () => bearers.shift() });
    await changing.getCaller();
    await changing.getCaller();
    expect(received.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer second']);
  });

  it('uses the fetch that it is given', async () => {
    const asked: Request[] = [];
    const offline = createClient({
      baseUrl: 'https://gate.acme.dev/',
      fetch: async (request) => {
        asked.push(request);
        return new Response('{"needed":true}');
      },
    });
    expect(await offline.getSetUp()).toEqual({ needed: true });
    expect(asked.map(({ url, redirect }) => [url, redirect])).toEqual([['https://gate.acme.dev/v2/setup', 'error']]);
  });

  it('ends a call that nobody waits for any more', async () => {
    await expect(client().getCaller({}, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    expect(received).toEqual([]);
  });

  it('follows no redirect, which could carry the bearer elsewhere', async () => {
    reply = () => ({ status: 302, headers: { Location: '/elsewhere' } });
    await expect(client().getCaller()).rejects.toThrow();
    expect(received).toHaveLength(1);
  });
});

describe('The client of a browser', () => {
  it('knows every endpoint from a table that survives being written down, without schemas', async () => {
    const written = JSON.stringify(clientEndpoints);
    const slim = clientOf(JSON.parse(written), { baseUrl });
    expect(Object.keys(slim)).toEqual(endpoints.map(({ name }) => name));
    expect(Object.keys(JSON.parse(written)[0])).toEqual(['name', 'method', 'path', 'answer']);
    reply = () => ({ status: 200, body: '{"needed":true}' });
    expect(await slim.getSetUp()).toEqual({ needed: true });
  });

  it('takes answers as the table has them: JSON, and text where it is no JSON', () => {
    const answers = new Map(clientEndpoints.map(({ name, answer }) => [name, answer]));
    expect(answers.get('listMembers')).toBe('json');
    expect(answers.get('exportMembers')).toBe('text');
  });
});

describe('A refusal', () => {
  it('tells what is wrong in which field', async () => {
    const body = {
      detail: 'name: too short',
      message: 'name: too short',
      errinfo: {},
      fields: { name: ['too short'] },
    };
    reply = () => ({ status: 400, body: JSON.stringify(body) });
    const error = await refusal(client().createGroup({ params: { org: 'acme' }, body: { name: 'web' } }));
    expect(error).toMatchObject({ status: 400, message: 'name: too short', fields: { name: ['too short'] }, body });
  });

  it('tells when to try again', async () => {
    reply = () => ({ status: 429, headers: { 'Retry-After': '17' }, body: '{"detail":"Slow down"}' });
    expect(await refusal(client().getCaller())).toMatchObject({ status: 429, detail: 'Slow down', retryAfter: 17 });
  });

  it('keeps what a login asks for next', async () => {
    reply = () => ({ status: 401, body: '{"detail":"Require…","login_2fa_token":"ey"}' });
    const error = await refusal(client().signIn({ body: { username: 'alice', password: 'secret' } }));
    expect(error.body).toEqual({ detail: 'Require…', login_2fa_token: 'ey' });
    expect(error.message).not.toContain('ey"');
  });

  it.each([
    ['an HTML page of a proxy', '<html>Bad gateway</html>'],
    ['nothing', ''],
    ['JSON that is no object', 'null'],
    ['fields that are none', '{"fields":"all","detail":7}'],
  ])('is one also when the body is %s', async (_what, body) => {
    reply = () => ({ status: 502, body, headers: { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' } });
    expect(await refusal(client().getCaller())).toMatchObject({
      status: 502,
      detail: 'The server answered 502.',
      fields: {},
      retryAfter: undefined,
    });
  });
});

describe('Addresses', () => {
  it.each([
    [
      '/v2/orgs/{org}/members/{username}',
      { org: 'acme', username: 'bob@acme.dev' },
      '/v2/orgs/acme/members/bob%40acme.dev',
    ],
    ['/v2/orgs/{org}', { org: 'a/../b?c#d' }, '/v2/orgs/a%2F..%2Fb%3Fc%23d'],
    [
      '/v2/catalog/{registry}/{repository+}',
      { registry: 'ghcr.io', repository: 'acme/web/api' },
      '/v2/catalog/ghcr.io/acme/web/api',
    ],
  ])('%s with %o', (path, params, wanted) => {
    expect(addressOf({ path }, 'https://gate.acme.dev', { params })).toBe(`https://gate.acme.dev${wanted}`);
  });

  it.each(['', '.', '..'])('refuse %j in a path, which would lead to another endpoint', (team) => {
    const path = '/v2/orgs/{org}/groups/{team}';
    expect(() => addressOf({ path }, '', { params: { org: 'acme', team } })).toThrow(TypeError);
  });

  it('refuse a repository that climbs', () => {
    const params = { registry: 'ghcr.io', repository: 'a/../../orgs' };
    expect(() => addressOf({ path: '/v2/catalog/{registry}/{repository+}' }, '', { params })).toThrow(TypeError);
  });
});

describe('Reading a list to its end', () => {
  it('goes by page numbers, and keeps the filters', async () => {
    reply = ({ url = '' }) => {
      const page = Number(new URL(url, baseUrl).searchParams.get('page') ?? 1);
      const next = page < 3 ? `${baseUrl}/v2/orgs/acme/groups?page=${page + 1}` : null;
      return { status: 200, body: JSON.stringify({ count: 3, next, previous: null, results: [{ id: page }] }) };
    };
    const teams = [];
    const args = { params: { org: 'acme' }, query: { search: 'w' } };
    for await (const { id } of itemsOf(client().listGroups, args)) teams.push(id);
    expect(teams).toEqual([1, 2, 3]);
    expect(received.map(({ url }) => url)).toEqual([
      '/v2/orgs/acme/groups?search=w',
      '/v2/orgs/acme/groups?search=w&page=2',
      '/v2/orgs/acme/groups?search=w&page=3',
    ]);
  });

  it('goes by cursors', async () => {
    reply = ({ url = '' }) => {
      const cursor = new URL(url, baseUrl).searchParams.get('cursor');
      const body = { results: [{ id: cursor ?? 'newest' }], next_cursor: cursor === null ? 'older' : null };
      return { status: 200, body: JSON.stringify(body) };
    };
    const ids = [];
    for await (const { id } of itemsOf(client().listPulls, { params: { org: 'acme' } })) ids.push(id);
    expect(ids).toEqual(['newest', 'older']);
  });

  it('reads no further than is asked for', async () => {
    reply = () => ({ status: 200, body: JSON.stringify({ results: [{ id: 'one' }], next_cursor: 'more' }) });
    for await (const _ of itemsOf(client().listPulls, { params: { org: 'acme' } })) break;
    expect(received).toHaveLength(1);
  });
});
