import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from '../../src/tokens/secret.ts';
import {
  type Account,
  actor,
  basic,
  openSmallWorld,
  repositories,
  type SmallWorld,
  startTimeout,
  type WireAnswer,
} from './small-world.ts';

// Docker's token service (distribution: spec/auth/token.md and oauth.md). A good sign-in always gets a token, which says
// who it is; what may be pulled is decided where it is pulled.

let world: SmallWorld;
let service: string;
let account: Account;
let password: Readonly<Record<string, string>>;
beforeAll(async () => {
  world = await openSmallWorld();
  service = `localhost:${world.gate.port}`;
  account = world.member;
  password = { grant_type: 'password', username: account.username, password: account.pat };
}, startTimeout);
afterAll(() => world.close(), startTimeout);

const scopeOf = (...names: string[]) => names.map((name) => `repository:${name}:pull`).join(' ');
const { official, community } = repositories;

function get(query: string, who: Account | null = account, headers: Record<string, string> = {}) {
  return world.ask(`/token?${query}`, {
    headers: { ...(who === null ? {} : { authorization: basic(who) }), ...headers },
  });
}

function post(form: Readonly<Record<string, string>>, headers: Record<string, string> = {}) {
  return world.ask('/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
}

function granted(answer: WireAnswer): Record<string, unknown> & { token: string } {
  expect(`${answer.status} ${answer.status === 200 ? '' : answer.body}`).toBe('200 ');
  expect(answer.headers['cache-control']).toBe('no-store');
  return JSON.parse(answer.body.toString());
}

/** Table form T3 and T4: the text in both places that engines read, and as reason phrase. */
function refused(answer: WireAnswer): { status: number; code: string; message: string } {
  const { errors, details } = JSON.parse(answer.body.toString());
  expect(errors).toHaveLength(1);
  expect(details).toBe(errors[0].message);
  expect(answer.reason).toBe(errors[0].message);
  expect(answer.headers['www-authenticate']).toBeUndefined();
  return { status: answer.status, ...errors[0] };
}

const pullWith = (token: string, name: string, method = 'GET') =>
  world.ask(`/v2/${name}/manifests/latest`, { method, headers: { authorization: `Bearer ${token}` } });

describe('a sign-in', () => {
  it('by GET gets a token in every form that clients read', async () => {
    const answer = granted(await get(`account=max&service=${service}&scope=${scopeOf(official)}&client_id=docker`));
    expect(answer).toMatchObject({ access_token: answer.token, expires_in: 300, scope: scopeOf(official) });
    expect(Math.abs(Date.parse(String(answer['issued_at'])) - Date.now())).toBeLessThan(60_000);
    expect(answer).not.toHaveProperty('refresh_token');
    expect((await pullWith(answer.token, official)).status).toBe(200);
  });

  it('by POST gets the same', async () => {
    const answer = granted(
      await post({ ...password, service, client_id: 'containerd-client', scope: scopeOf(official) }),
    );
    expect(answer).toMatchObject({ access_token: answer.token, expires_in: 300, scope: scopeOf(official) });
    expect((await pullWith(answer.token, official)).status).toBe(200);
  });

  it.each<[string, () => Promise<WireAnswer>]>([
    ['GET with offline_token', () => get('offline_token=true&client_id=docker')],
    ['POST with access_type', () => post({ ...password, access_type: 'offline' })],
  ])('by %s gets a refresh token, which gets tokens', async (_, signIn) => {
    const { refresh_token } = granted(await signIn());
    const again = granted(
      await post({ grant_type: 'refresh_token', refresh_token: String(refresh_token), scope: scopeOf(official) }),
    );
    expect(again).not.toHaveProperty('refresh_token');
    expect((await pullWith(again.token, official)).status).toBe(200);
  });

  it('gets a token without a scope, as docker login asks for it, and the gate greets it', async () => {
    const { token } = granted(await get(`account=max&client_id=docker&offline_token=true&service=${service}`));
    expect((await world.ask('/v2/', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  it('is known by the user name in any case, and by a password that holds colons not at all', async () => {
    granted(await get('', { ...account, username: 'MAX' }));
    expect(refused(await get('', { ...account, pat: `${account.pat}:x` })).status).toBe(401);
  });

  it('with an organization access token takes the organization’s name', async () => {
    const token = await world.addOrganizationToken('acme', 'acme/web');
    granted(await get('', token));
    expect(refused(await get('', { ...token, username: 'max' })).message).toMatch(/another user name/);
  });
});

describe('a sign-in that is refused says why, in form T4', () => {
  async function expectRefused(credentials: Pick<Account, 'username' | 'pat'>, sentence: RegExp): Promise<void> {
    const { username, pat } = credentials;
    const answers = [
      await world.ask('/token', { headers: { authorization: basic(credentials) } }),
      await post({ grant_type: 'password', username, password: pat }),
    ];
    for (const answer of answers) {
      const { status, code, message } = refused(answer);
      expect([status, code]).toEqual([401, 'UNAUTHORIZED']);
      expect(message).toMatch(sentence);
      expect(answer.body.toString()).not.toContain(pat);
    }
  }

  it.each<[string, () => { username: string; pat: string }, RegExp]>([
    ['a wrong user name', () => ({ username: 'olivia', pat: account.pat }), /belongs to another user name/],
    ['an unknown token', () => ({ username: 'max', pat: newToken('personal') }), /unknown or was revoked/],
    ['a typo', () => ({ username: 'max', pat: `${account.pat.slice(0, -1)}_` }), /no access token of this gate/],
    ['a password', () => ({ username: 'max', pat: 'correct horse battery staple' }), /no access token of this gate/],
    ['a token of Docker Hub', () => ({ username: 'max', pat: 'dckr_pat_0123456789' }), /no access token of this gate/],
  ])('%s', async (_, credentials, sentence) => {
    await expectRefused(credentials(), sentence);
  });

  it('an inactive token', async () => {
    const ina = await world.addAccount('ina', { organization: 'acme', role: 'member' });
    await world.administration.personalTokens.setActive('ina', ina.tokenId, false, actor);
    await world.settle(async () => (await get('', ina)).status === 401);
    await expectRefused(ina, /switched off/);
  });

  it('a revoked token, also one that was refreshed with', async () => {
    const rick = await world.addAccount('rick', { organization: 'acme', role: 'member' });
    const { refresh_token } = granted(await get('offline_token=true', rick));
    await world.administration.personalTokens.revoke('rick', rick.tokenId, actor);
    await world.settle(async () => (await get('', rick)).status === 401);
    await expectRefused(rick, /unknown or was revoked/);
    const answer = await post({ grant_type: 'refresh_token', refresh_token: String(refresh_token) });
    expect(refused(answer)).toMatchObject({ status: 401, message: expect.stringMatching(/docker login/) });
  });

  it('an expired token, also one that was refreshed with', async () => {
    const expiresAt = Date.now() + 1_500;
    const { secret } = await world.administration.personalTokens.create(
      'max',
      { label: 'short', scopes: ['repo:read'], expiresAt },
      actor,
    );
    const short = { ...account, pat: secret };
    let signedIn: WireAnswer | undefined;
    await world.settle(async () => {
      const answer = await get('offline_token=true', short);
      if (answer.status === 200) signedIn = answer;
      return signedIn !== undefined || Date.now() > expiresAt;
    });
    await world.settle(async () => Date.now() > expiresAt);
    await world.settle(async () => (await get('', short)).reason.includes('expired'));
    await expectRefused(short, /has expired/);
    if (!signedIn) return;
    const { token, refresh_token } = granted(signedIn);
    expect((await world.ask('/v2/', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    const answer = await post({ grant_type: 'refresh_token', refresh_token: String(refresh_token) });
    expect(refused(answer).status).toBe(401);
  });

  it('nobody, where sign-in is enforced: docker login must not succeed', async () => {
    const { status, message } = refused(await get('', null));
    expect([status, message]).toEqual([
      401,
      `Sign in first: docker login ${service} with a personal access token as password.`,
    ]);
    expect(refused(await get(`scope=${encodeURIComponent(scopeOf(official))}`, null)).status).toBe(401);
  });

  it('nobody’s question is not passed on: a stranger does not make the gate ask Docker Hub', async () => {
    world.hub.requests.length = 0;
    await get(`scope=${encodeURIComponent(scopeOf('stranger-one/app', 'stranger-two/app'))}`, null);
    await get(`scope=${encodeURIComponent(scopeOf('stranger-three/app'))}`, null, {
      'user-agent': 'docker/26.1.5',
    });
    expect(world.hub.requests).toEqual([]);
  });
});

describe('scopes', () => {
  it.each([
    ['several parameters', [official, community, 'acme/web']],
    ['one twice', [official, official]],
  ])('%s', async (_, names) => {
    const query = names.map((name) => `scope=${encodeURIComponent(scopeOf(name))}`).join('&');
    const expected = scopeOf(...new Set(names));
    expect(granted(await get(query))['scope']).toBe(expected);
    expect(granted(await get(`scope=${encodeURIComponent(scopeOf(...names))}`))['scope']).toBe(expected);
    expect(granted(await post({ ...password, scope: scopeOf(...names) }))['scope']).toBe(expected);
  });

  it('accumulated ones open what is allowed of them, each judged where it is pulled', async () => {
    const { token } = granted(await get(`scope=${encodeURIComponent(scopeOf(official, community, 'acme/web'))}`));
    const statuses = [];
    for (const name of [official, community, 'acme/web']) statuses.push((await pullWith(token, name)).status);
    expect(statuses).toEqual([200, 403, 200]);
  });

  it('a hundred that are as long as names usually are make a token that can be used', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `library/a-service-with-a-name-${index}`);
    const { token } = granted(await post({ ...password, scope: scopeOf(official, ...names.slice(1)) }));
    expect((await pullWith(token, official)).status).toBe(200);
  });

  it.each([
    ['push grants only pull', `repository:${official}:pull,push`, scopeOf(official)],
    ['push alone grants nothing', `repository:${official}:push`, ''],
    ['everything grants nothing', `repository:${official}:*`, ''],
    ['the catalog is not granted', 'registry:catalog:*', ''],
    ['a plugin is a repository', `repository(plugin):${official}:pull`, scopeOf(official)],
    ['an unknown type is passed over', 'wormhole:library/alpine:pull', ''],
    [
      'a name may hold a port',
      'repository:registry.test:5000/library/alpine:pull',
      scopeOf('registry.test:5000/library/alpine'),
    ],
    ['a name on another registry', 'repository:ghcr.io/org/app:pull', scopeOf('ghcr.io/org/app')],
    ['a name in a short spelling', 'repository:alpine:pull', scopeOf('alpine')],
    ['spaces around are passed over', ` repository:${official}:pull  `, scopeOf(official)],
    ['none', '', ''],
  ])('%s: %s', async (_, scope, expected) => {
    expect(granted(await get(`scope=${encodeURIComponent(scope)}`))['scope']).toBe(expected);
    expect(granted(await post({ ...password, scope }))['scope']).toBe(expected);
  });

  it.each([
    ['no action', 'repository:library/alpine'],
    ['no type', ':library/alpine:pull'],
    ['no name', 'repository::pull'],
    ['a name that is none', 'repository:*:pull'],
    ['every repository of a namespace', 'repository:library/*:pull'],
    ['upper case', 'repository:Library/Alpine:pull'],
    ['a parent folder', 'repository:library/../somebody/miner:pull'],
    ['an encoded slash', 'repository:library%2Falpine:pull'],
    ['a host that is none', 'repository:docker.io./library/alpine:pull'],
    ['a quote', 'repository:library/"alpine":pull'],
    ['a line break', 'repository:library/alpine\r\nX-Evil:pull'],
    ['nothing but a colon', ':'],
    ['too many', Array.from({ length: 101 }, () => 'repository:a/b:pull').join(' ')],
    ['one that is too long', `repository:${'a/'.repeat(600)}a:pull`],
    ['more than a token can hold', scopeOf(...Array.from({ length: 60 }, (_, i) => `acme/${'a'.repeat(200)}${i}`))],
  ])('are malformed with %s: 400', async (_, scope) => {
    expect(refused(await post({ ...password, scope })).status).toBe(400);
  });
});

describe('a token is for the repositories that it was asked for', () => {
  it('another one is challenged with the scope that is missing', async () => {
    const token = await world.token(account, repositories.verified);
    for (const method of ['GET', 'HEAD']) {
      const answer = await pullWith(token, official, method);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe(
        `Bearer realm="http://${service}/token",service="${service}",scope="repository:${official}:pull",error="insufficient_scope"`,
      );
    }
  });

  it('by their spelling: what the client asks for is what it names', async () => {
    const token = await world.token(account, 'docker.io/library/alpine');
    expect((await pullWith(token, 'docker.io/library/alpine')).status).toBe(200);
    expect((await pullWith(token, 'library/alpine')).status).toBe(401);
  });

  it('a refusal comes first: no challenge leads around it', async () => {
    const answer = await pullWith(await world.token(account, official), community);
    expect(answer.status).toBe(403);
    expect(answer.headers['www-authenticate']).toBeUndefined();
  });
});

describe('requests that are wrong', () => {
  it.each<[string, () => Promise<WireAnswer>]>([
    ['another service', () => get('service=registry.docker.io')],
    ['another service, by POST', () => post({ ...password, service: 'registry.docker.io' })],
    ['an empty service', () => get('service=')],
    ['no grant type', () => post({ username: 'max', password: account.pat })],
    ['another grant type', () => post({ ...password, grant_type: 'client_credentials' })],
    ['another content type', () => post(password, { 'content-type': 'application/json' })],
    ['no content type', () => world.ask('/token', { method: 'POST', body: new URLSearchParams(password).toString() })],
    ['another scheme', () => get('', null, { authorization: 'Bearer nonsense' })],
    ['a Basic without a colon', () => get('', null, { authorization: 'Basic bWF4' })],
    ['an empty Basic', () => get('', null, { authorization: 'Basic' })],
    ['a body that is too large', () => post({ ...password, padding: 'x'.repeat(80_000) })],
    ['a body that is much too large', () => post({ ...password, padding: 'x'.repeat(4_000_000) })],
  ])('%s: 400', async (_, send) => {
    expect(refused(await send()).status).toBe(400);
  });

  it.each([
    ['percent signs that encode nothing', 'scope=%', 400],
    ['bytes that are no UTF-8', 'scope=%ff%fe', 400],
    ['an encoded NUL', 'service=%00', 400],
    ['parameters without a value', 'scope&service', 400],
    ['unknown parameters', 'foo=%&bar=%ff', 200],
  ])('%s: %s: %i', async (_, query, status) => {
    expect((await get(query)).status).toBe(status);
    const form = await world.ask('/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${new URLSearchParams(password)}&${query}`,
    });
    expect(form.status).toBe(status);
  });

  it('an endless body is not read to its end', async () => {
    const head =
      'POST /token HTTP/1.1\r\nHost: gate.test\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n';
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const answer = (await world.converse(head + chunk + chunk, /\r\n\r\n/)).toString();
    expect(answer).toMatch(/^HTTP\/1\.1 400 The form is too large\./);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s: 405, and says what is served', async (method) => {
    const answer = await world.ask('/token', { method, headers: { authorization: basic(account) } });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, POST']);
  });

  it.each(['/token/', '/Token', '/%74oken', '//token', '/token;x', '/v2/token'])('%s is another path', async (path) => {
    const answer = await world.ask(path, { headers: { authorization: basic(account) } });
    expect([400, 404]).toContain(answer.status);
  });
});

describe('the classic engine is told at the token already, in form T3', () => {
  const classic = { 'user-agent': 'docker/26.1.5 go/go1.22 git-commit/411e817 kernel/6.1 os/linux arch/amd64' };

  it.each<[string, (headers: Record<string, string>) => Promise<WireAnswer>]>([
    ['GET', (headers) => get(`scope=${encodeURIComponent(scopeOf(community))}`, account, headers)],
    ['GET with push', (headers) => get(`scope=repository:${community}:pull,push`, account, headers)],
    ['POST', (headers) => post({ ...password, scope: scopeOf(official, community) }, headers)],
    [
      'POST with a refresh token',
      async (headers) => {
        const { refresh_token } = granted(await get('offline_token=true'));
        const form = { grant_type: 'refresh_token', refresh_token: String(refresh_token), scope: scopeOf(community) };
        return post(form, headers);
      },
    ],
  ])('%s', async (_, ask) => {
    const { status, code, message } = refused(await ask(classic));
    expect([status, code]).toEqual([403, 'DENIED']);
    expect(message).toMatch(
      /^docker\.io\/somebody\/miner is a Community image and acme allows only .* See http:\S+\/d\/\w+$/,
    );
    granted(await ask({ 'user-agent': 'containerd/2.1.0' }));
  });

  it('an unknown registry as well', async () => {
    const { status, message } = refused(await get('scope=repository:quay.io/org/app:pull', account, classic));
    expect([status, message]).toEqual([403, expect.stringContaining('quay.io is not a registry')]);
  });

  it.each([
    ['what is allowed', scopeOf(official)],
    ['no scope, as at docker login', ''],
  ])('but gets a token for %s', async (_, scope) => {
    granted(await get(`scope=${encodeURIComponent(scope)}`, account, classic));
  });

  it('the User-Agent decides where the refusal is told, never whether', async () => {
    const { token } = granted(
      await get(`scope=${encodeURIComponent(scopeOf(community))}`, account, { 'user-agent': 'docker-not/1' }),
    );
    expect((await pullWith(token, community)).status).toBe(403);
  });
});

describe('one kind of token does not do for another', () => {
  it('a refresh token opens nothing', async () => {
    const { refresh_token } = granted(await get('offline_token=true'));
    expect((await pullWith(String(refresh_token), official)).status).toBe(401);
  });

  it('a registry token refreshes nothing', async () => {
    const { token } = granted(await get(`scope=${encodeURIComponent(scopeOf(official))}`));
    expect(refused(await post({ grant_type: 'refresh_token', refresh_token: token })).status).toBe(401);
  });

  it('an access token is no registry token', async () => {
    expect((await pullWith(account.pat, official)).status).toBe(401);
    const answer = await world.ask(`/v2/${official}/manifests/latest`, { headers: { authorization: basic(account) } });
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      expect.stringContaining('invalid_token'),
    ]);
  });
});
