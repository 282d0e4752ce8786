import { randomUUID } from 'node:crypto';
import { addressOf, type Endpoint, endpoints, errorBody, routesOf, scimErrorBody } from '@pullgate/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type HubWorld, startTimeout } from '../hub-api/hub-world.ts';
import type { Answer } from '../hub-api/wire.ts';
import { type ExampleRequest, examples } from './endpoint-examples.ts';
import { expectedOf, type MatrixCaller } from './matrix-callers.ts';
import { type MatrixWorld, openMatrixWorld } from './matrix-world.ts';

// Every line of the contract's table, called by everybody. What must come of it is computed from the line's permission
// alone; who is refused changes nothing, and learns nothing of what belongs to others.

// Passwords are hashed a hundred times here.
vi.mock('../../src/sign-in/password-hash.ts', async (original) => ({
  ...(await original<object>()),
  passwordCost: { memory: 1024, passes: 1 },
}));

let world: MatrixWorld;
let hub: HubWorld;
beforeAll(async () => {
  world = await openMatrixWorld();
  hub = world.hub;
}, startTimeout);
afterAll(() => world.hub.close(), startTimeout);

/** Of what is no organization's by its path, and yet only shown to those who belong to it. */
const onlyForInsiders: ReadonlySet<string> = new Set([
  'getPerson',
  'getDecision',
  'listRepositories',
  'getRepository',
  'listTags',
  'getTag',
  'listTagImages',
]);

/** Everybody may ask, and nobody can do it twice: see `hub-world.ts` for the one time that it succeeds. */
const spent: ReadonlySet<string> = new Set(['setUp']);

function isAboutAcme({ name, path, permission: { who } }: Endpoint): boolean {
  return path.includes('/{org}') || who === 'member' || who === 'owner' || onlyForInsiders.has(name);
}

interface Variation {
  /** Which of the endpoint's routes, and whether with a slash at the end. */
  readonly number?: number;
  readonly method?: string;
  readonly body?: unknown;
}

function send(
  endpoint: Endpoint,
  { headers }: Pick<MatrixCaller, 'headers'>,
  { params = {}, query = {}, body }: ExampleRequest,
  { number = 0, method, body: otherBody = body }: Variation = {},
): Promise<Answer> {
  const routes = routesOf(endpoint);
  const route = routes[number % routes.length] ?? endpoint;
  const [path = '', search] = addressOf(route, '', { params, query }).split('?');
  const slash = Math.floor(number / routes.length) % 2 === 1 && !route.path.endsWith('+}') ? '/' : '';
  return hub.ask({
    method: method ?? route.method,
    path: `${path}${slash}${search === undefined ? '' : `?${search}`}`,
    // Clients of Docker Hub say so on every request, with or without a body.
    headers: { 'content-type': 'application/json', ...headers },
    ...(otherBody !== undefined && { body: otherBody }),
  });
}

const exactError = z.strictObject(errorBody.shape);
const exactScimError = z.strictObject(scimErrorBody.shape);

function expectError({ permission, name }: Endpoint, answer: Answer, status: number, who: string): void {
  expect(answer.status, `${name} by ${who}: ${answer.text}`).toBe(status);
  const shape = permission.who === 'provisioning' ? exactScimError : exactError;
  const parsed = shape.safeParse(answer.json());
  expect(parsed.error?.issues, `${name} by ${who}: ${answer.text}`).toBeUndefined();
  // Terraform decides by these words whether a thing is gone.
  expect(/not found/i.test(answer.text.slice(0, 500)), answer.text).toBe(status === 404);
}

function expectSuccess({ name, success }: Endpoint, answer: Answer, who: string): void {
  expect(answer.status, `${name} by ${who}: ${answer.text}`).toBe(success.status);
  const type = answer.headers['content-type']?.split(';')[0] ?? '';
  if (success.schema === undefined) {
    if (success.mediaTypes === undefined) expect(answer.text).toBe('');
    else expect(success.mediaTypes).toContain(type);
    return;
  }
  expect(success.mediaTypes ?? ['application/json']).toContain(type);
  const parsed = success.schema.safeParse(answer.json());
  expect(parsed.error?.issues, `${name} by ${who}: ${answer.text}`).toBeUndefined();
  if (success.etag) expect(answer.headers.etag).toMatch(/^"\d+"$/);
}

describe('every endpoint, called by everybody', () => {
  it('has an example', () => {
    expect(Object.keys(examples).sort()).toEqual(endpoints.map(({ name }) => name).sort());
  });

  it.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    '%s',
    async (_, endpoint: Endpoint) => {
      const example = examples[endpoint.name as keyof typeof examples];
      const expected = (caller: MatrixCaller) =>
        spent.has(endpoint.name) ? 404 : expectedOf(endpoint.permission, caller, isAboutAcme(endpoint));
      const target = await example(world, world.owner);
      const allowed: MatrixCaller[] = [];
      for (const caller of world.callers) {
        const expectation = expected(caller);
        if (expectation === 'success') allowed.push(caller);
        else expectError(endpoint, await send(endpoint, caller, target), expectation, caller.name);
      }
      if (spent.has(endpoint.name)) return;
      // Whoever may, finds what the others were refused as it was.
      const first = allowed.find(({ person }) => person === world.owner) ?? allowed[0];
      if (!first) throw new Error(`Nobody may call ${endpoint.name}.`);
      expectSuccess(endpoint, await send(endpoint, first, target), first.name);
      for (const [number, caller] of allowed.entries()) {
        if (caller === first) continue;
        const { body, ...request } = await example(world, caller.person ?? world.owner);
        const sent = { ...request, ...(body && { body: { ...body, unknown_field: { is: ['ignored'] } } }) };
        expectSuccess(endpoint, await send(endpoint, caller, sent, { number }), caller.name);
      }
      if (endpoint.method !== 'GET') return;
      const head = await send(endpoint, first, target, { method: 'HEAD' });
      expect([head.status, head.text]).toEqual([endpoint.success.status, '']);
    },
    60_000,
  );
});

describe('what is not theirs looks to others as if it did not exist', () => {
  const about = endpoints.filter((endpoint) => /\{(?!repository|tag|registry)/.test(endpoint.path));
  const missing = 'no-such-thing';

  /** Names of what was asked for are taken out: an answer may quote what came with the request. */
  function shown({ status, text }: Answer, { params = {}, body = {} }: ExampleRequest) {
    const names = [...Object.values(params), ...(typeof body['org'] === 'string' ? [body['org']] : [])];
    // A number of a version is quoted nowhere, and stands in much else.
    const telling = names.filter((name) => name.length > 2).sort((one, other) => other.length - one.length);
    return { status, text: telling.reduce((rest, name) => rest.replaceAll(name, '…'), text) };
  }

  async function expectSame(endpoint: Endpoint, caller: MatrixCaller, one: ExampleRequest, other: ExampleRequest) {
    const [there, absent] = [await send(endpoint, caller, one), await send(endpoint, caller, other)];
    expect(shown(there, one), `${endpoint.name} by ${caller.name}`).toEqual(shown(absent, other));
    expect(Object.keys(there.headers).sort()).toEqual(Object.keys(absent.headers).sort());
  }

  it.each(
    [...about, ...endpoints.filter(({ name }) => name === 'inviteMembers')]
      .filter(({ permission: { who } }) => who !== 'everybody' && who !== 'provisioning')
      .map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const),
  )('%s', async (_, endpoint: Endpoint) => {
    const theirs = await examples[endpoint.name as keyof typeof examples](world, world.owner);
    const { params = {}, body } = theirs;
    const nothing = {
      ...theirs,
      params: Object.fromEntries(Object.keys(params).map((name) => [name, missingLike(name)])),
      ...(body?.['org'] !== undefined && { body: { ...body, org: missing } }),
    };
    const others = world.callers.filter(({ isInside, isAdministrator }) => !isInside && !isAdministrator);
    for (const caller of others) {
      await expectSame(endpoint, caller, theirs, nothing);
      if (params['org'] === undefined || Object.keys(params).length === 1) continue;
      // In their own organization, what belongs to acme is not there either.
      const within = (request: ExampleRequest) => ({ ...request, params: { ...request.params, org: 'umbrella' } });
      if (params['version'] === undefined) await expectSame(endpoint, caller, within(theirs), within(nothing));
    }
  });

  function missingLike(param: string): string {
    const others: Readonly<Record<string, string>> = {
      id: randomUUID(),
      uuid: randomUUID(),
      version: '1',
      registry: 'ghcr.io',
      domain: `${missing}.example`,
    };
    return others[param] ?? missing;
  }

  it('a personal access token of somebody else', async () => {
    const { params } = await examples.getPersonalToken(world, world.owner);
    for (const name of ['getPersonalToken', 'updatePersonalToken', 'deletePersonalToken'] as const) {
      const endpoint = endpoints.find((one) => one.name === name) as Endpoint;
      const body = name === 'updatePersonalToken' ? { body: { token_label: 'taken' } } : {};
      const uma = world.callers.find(({ name }) => name === 'the owner of another organization') as MatrixCaller;
      await expectSame(endpoint, uma, { params: params ?? {}, ...body }, { params: { uuid: randomUUID() }, ...body });
    }
  });

  it('a body that is too large, to SCIM: in its own form', async () => {
    const headers = { authorization: `Bearer ${world.umbrellaScim}` };
    const body = { schemas: ['x'], userName: 'x'.repeat(1024 * 1024) };
    const answer = await hub.ask({ method: 'POST', path: '/v2/scim/2.0/Users', headers, body });
    expect([answer.status, answer.headers['content-type']]).toEqual([413, 'application/scim+json']);
    expect(scimErrorBody.parse(JSON.parse(answer.text))).toMatchObject({ status: '413' });
  });

  it('a member of acme, to SCIM of umbrella', async () => {
    const { params = {} } = await examples.getScimUser(world, world.owner);
    const headers = { authorization: `Bearer ${world.umbrellaScim}` };
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], active: false }],
      ['DELETE', undefined],
    ] as const) {
      const askFor = async (id: string) => {
        const answer = await hub.ask({ method, path: `/v2/scim/2.0/Users/${id}`, headers, ...(body && { body }) });
        return shown(answer, { params: { id } });
      };
      const theirs = await askFor(params['id'] ?? '');
      expect(theirs.status).toBe(404);
      expect(theirs).toEqual(await askFor(randomUUID()));
    }
    const stillThere = await hub.as(world.scim, 'GET', `/v2/scim/2.0/Users/${params['id']}`);
    expect(stillThere.json()['active']).toBe(true);
  });

  it('which namespaces acme claims, to who asks the catalog', async () => {
    const category = async (who: string) => {
      const caller = world.callers.find(({ name }) => name === who) as MatrixCaller;
      return (await hub.ask({ path: '/v2/catalog/docker.io/acme/web', headers: caller.headers })).json();
    };
    expect(await category('a member')).toMatchObject({ category: 'organization' });
    expect(await category('an outsider')).toMatchObject({ category: 'community' });
  });
});

describe('rubbish', () => {
  const withBody = endpoints.filter((endpoint: Endpoint) => endpoint.body !== undefined);

  it.each(withBody.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    'sent to %s',
    async (_, endpoint: Endpoint) => {
      const may = (caller: MatrixCaller) =>
        expectedOf(endpoint.permission, caller, isAboutAcme(endpoint)) === 'success' &&
        caller.credential.kind !== 'personal-token';
      const caller = world.callers.find(may);
      if (!caller) throw new Error(`Nobody may call ${endpoint.name}.`);
      const example = examples[endpoint.name as keyof typeof examples];
      const request = await example(world, caller.person ?? world.owner);
      const wrong = Object.fromEntries(Object.keys(request.body ?? {}).map((name) => [name, { of: ['another type'] }]));
      const bodies: readonly (readonly [string, unknown, number])[] = [
        ['no JSON', '{"a":', 400],
        ['nothing', '', 400],
        ['another type', '[]', 400],
        ['text', '"text"', 400],
        ['bytes that are no text', '{"a":"\\ud800"', 400],
        ['fields of other types', wrong, 400],
        ['far too much', `{"a":"${'x'.repeat(5 * 1024 * 1024)}"}`, 413],
      ];
      for (const [what, body, status] of bodies) {
        const answer = await send(endpoint, caller, request, { body });
        expect(answer.status, `${what}: ${answer.text}`).toBe(status);
        expect(answer.text, what).not.toMatch(/not found/i);
        if (endpoint.permission.who === 'provisioning') {
          expect(exactScimError.safeParse(answer.json()).error?.issues, answer.text).toBeUndefined();
        } else if (status === 400) {
          expect(Object.keys(answer.json()), answer.text).toContain('detail');
        }
      }
      if (!spent.has(endpoint.name)) expectSuccess(endpoint, await send(endpoint, caller, request), caller.name);
    },
    60_000,
  );
});
