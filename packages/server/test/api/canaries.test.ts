import { createHash, randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type HubWorld, hubAccount, mailAccount, openHubWorld, type Person, pusher } from '../hub-api/hub-world.ts';
import type { Answer } from '../hub-api/wire.ts';

// Secrets of every kind go in by every way that there is, the wrong ways among them. Then everything that the gate tells
// anybody is searched for them, for their hashes and for their other spellings.

/** By what they are. */
const secrets = new Map<string, string>();
/** What the gate said, by where. */
const told = new Map<string, string[]>();
/** What webhooks received. */
const delivered: string[] = [];

const soon = { timeout: 20_000, interval: 50 };

let hub: HubWorld;
let receiver: Server;
let max: Person;

function plant(what: string, secret: string): string {
  if (secret.length < 6) throw new Error(`There is no ${what}.`);
  secrets.set(what, secret);
  return secret;
}

function note(where: string, text: string): void {
  told.set(where, [...(told.get(where) ?? []), text]);
}

/** Asks, and notes the whole answer as something that was told. */
async function ask(where: string, request: Parameters<HubWorld['ask']>[0]): Promise<Answer> {
  const answer = await hub.ask(request);
  note(where, `${JSON.stringify(answer.headers)}\n${answer.text}`);
  return answer;
}

const as = (bearer: string) => ({ authorization: `Bearer ${bearer}`, 'content-type': 'application/json' });

beforeAll(async () => {
  receiver = await startReceiver();
  const { port } = receiver.address() as AddressInfo;
  const webhook = plant('webhook secret', `whsec_${randomBytes(32).toString('base64')}`);
  hub = await openHubWorld({
    mail: true,
    env: { WEBHOOK_SECRET: webhook },
    settings: `activity:
  webhooks:
    audit:
      url: 'http://127.0.0.1:${port}/hook'
      secret: { env: WEBHOOK_SECRET }
      refusals: true
      allow_http: true
      allow_private_addresses: true
single_sign_on: { allow_http: true, allow_private_addresses: true }`,
  });
  plant('upstream credential', hubAccount.password);
  plant('SMTP password', mailAccount.password);
  plant('set-up token', hub.gate.setUpLink?.split('#')[1] ?? '');
  plant('password of the first owner', hub.olivia.password);
  plant('bearer of a session', hub.olivia.bearer);
  await plantAll();
}, 120_000);
afterAll(async () => {
  await hub.close();
  receiver.close();
});

async function plantAll(): Promise<void> {
  await plantTokens();
  await plantInvitations();
  await plantSignIns();
  await plantSingleSignOn();
  await plantProof();
  await provokeFailures();
  await misplaceAll();
}

async function plantTokens(): Promise<void> {
  max = await hub.addPerson('max');
  plant('password', max.password);
  const pat = await hub.addPersonalToken(max, 'repo:read');
  plant('personal access token', pat.secret);
  plant('bearer of a personal access token', pat.bearer);
  const oat = await hub.addOrganizationToken(hub.olivia, 'acme', 'scope-member-read');
  plant('organization access token', oat.secret);
  plant('bearer of an organization access token', oat.bearer);
  const account = { username: 'max', secret: pat.secret };
  const token = plant('registry token', await hub.registryToken(account, 'somebody/miner'));
  await hub.must(hub.olivia, 'PATCH', '/v2/orgs/acme/image-access', { enabled: true });
  for (const repository of ['somebody/miner', 'acme/web']) {
    const { text, headers } = await hub.pull(token, repository);
    note('pulls', `${JSON.stringify(headers)}\n${text}`);
  }
  await ask('Docker Hub', { path: '/v2/repositories/acme/web/', headers: as(max.bearer) });
}

async function plantInvitations(): Promise<void> {
  const body = { org: 'acme', invitees: ['eve@acme.example', 'fay@acme.example'] };
  type Invited = { invitees: { link: string; invite: { id: string } }[] };
  const { invitees } = await hub.must<Invited>(hub.olivia, 'POST', '/v2/invites/bulk', body);
  const [first, second] = invitees.map(({ link }) => link.split('#')[1] ?? '');
  plant('invite link token', first ?? '');
  plant('invite link token that was accepted', second ?? '');
  const account = { username: 'fay', password: plant('password of a new account', 'a canary in a coal mine') };
  await hub.must(undefined, 'POST', '/v2/invites/accept', { token: second, account });
  for (const token of [second, `${first}x`]) {
    await ask('errors', { method: 'POST', path: '/v2/invites/view', body: { token } });
    await ask('errors', { method: 'POST', path: '/v2/invites/accept', body: { token, account } });
  }
}

async function plantSignIns(): Promise<void> {
  const { username, password } = max;
  const wrong = plant('wrong password', 'tr0ub4dor and three');
  for (const path of ['/v2/users/login', '/v2/auth/token']) {
    for (const name of [username, 'nobody-of-that-name', wrong]) {
      const body = { username: name, identifier: name, password: wrong, secret: wrong };
      await ask('errors', { method: 'POST', path, body });
    }
  }
  const cookie = await hub.browserCookie(max);
  const [value = ''] = /(?<=session_token=)[^;]+/.exec(cookie) ?? [];
  plant('session cookie', value);
  plant('session cookie without its signature', value.split('.')[0] ?? '');
  type Enabled = { totpURI: string; backupCodes: string[] };
  const { body } = await hub.browser<Enabled>(cookie, '/two-factor/enable', { password });
  plant('TOTP secret', new URL(body.totpURI).searchParams.get('secret') ?? '');
  plant('backup code', body.backupCodes[0] ?? '');
  const changed = plant('changed password', 'another canary altogether');
  await hub.browser(cookie, '/change-password', { currentPassword: password, newPassword: changed });
  await hub.browser('', '/request-password-reset', { email: max.email });
  await vi.waitUntil(() => hub.mail?.letters.some((letter) => letter.includes('reset')), soon);
  const letter = (hub.mail?.letters ?? []).join('\n').replace(/=\n/g, '').replaceAll('=3D', '=');
  const reset = /reset[^\s#]*#([\w-]{20,})/.exec(letter)?.[1] ?? /reset-password\/([\w-]{20,})/.exec(letter)?.[1];
  plant('token of a password reset', reset ?? '');
}

async function plantSingleSignOn(): Promise<void> {
  await hub.proveDomain('acme', 'staff.example');
  const issuer = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const client_secret = plant('client secret', 'canary-of-the-identity-provider');
  const path = '/v2/orgs/acme/sso/connections';
  const oidc = { issuer, client_id: 'gate', client_secret };
  const body = { protocol: 'oidc', name: 'staff', domains: ['staff.example'], oidc };
  const { id } = await hub.must<{ id: string }>(hub.olivia, 'POST', path, body);
  const { token } = await hub.must<{ token: string }>(hub.olivia, 'POST', `${path}/${id}/scim-token`);
  plant('SCIM bearer', token);
  const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'kit@staff.example' };
  const password = plant('password sent by SCIM', 'canary by provisioning');
  const headers = as(token);
  await ask('SCIM', { method: 'POST', path: '/v2/scim/2.0/Users', headers, body: { ...user, password } });
  await ask('SCIM', { method: 'POST', path: '/v2/scim/2.0/Users', headers, body: { password } });
  await ask('SCIM', { path: '/v2/scim/2.0/Users', headers });
  await ask('answers', { path, headers: as(hub.olivia.bearer) });
  const elsewhere = { ...body, name: 'elsewhere', oidc: { ...oidc, issuer: 'http://127.0.0.1:9' } };
  await ask('errors', { method: 'POST', path, headers: as(hub.olivia.bearer), body: elsewhere });
}

async function plantProof(): Promise<void> {
  const path = '/v2/orgs/acme/namespaces';
  plant('proof of a namespace', pusher.password);
  const wrong = plant('wrong proof of a namespace', 'canary that may not push');
  for (const password of [pusher.password, wrong]) {
    const proof = { repository: 'acme/web', username: pusher.username, password };
    const body = { registry: 'ghcr.io', namespace: 'acme', proof };
    await ask('answers', { method: 'POST', path, headers: as(hub.olivia.bearer), body });
  }
}

/** What goes wrong behind the gate is logged: others may repeat there what they were told. */
async function provokeFailures(): Promise<void> {
  const { username, password } = mailAccount;
  plant('SMTP sign-in', Buffer.from(`\0${username}\0${password}`).toString('base64').replace(/=+$/, ''));
  hub.mail?.refuse();
  const body = { org: 'acme', invitees: ['gus@acme.example'] };
  type Invited = { invitees: { link: string; invite: { id: string } }[] };
  const { invitees } = await hub.must<Invited>(hub.olivia, 'POST', '/v2/invites/bulk', body);
  plant('invite link token that was not sent', invitees[0]?.link.split('#')[1] ?? '');
  await vi.waitUntil(() => hub.log().includes('invitation could not be sent'), soon);
}

/** As people and programs put them where they do not belong. */
async function misplaceAll(): Promise<void> {
  const { bearer } = hub.olivia;
  for (const secret of [...secrets.values()]) {
    const inPath = encodeURIComponent(secret).slice(0, 2000);
    for (const path of [
      `/v2/orgs/acme?token=${inPath}`,
      `/v2/auth/token?secret=${inPath}`,
      `/v2/user?access_token=${inPath}`,
      `/v2/orgs/acme/pulls?person=%00&password=${inPath}`,
      `/d/x?token=${inPath}`,
      `/token?account=max&password=${inPath}&scope=repository:acme/web:pull`,
    ]) {
      note('misplaced', (await hub.ask({ path, headers: as(bearer) })).text);
    }
    // As a bearer that it is not, in clear text, and as the password of somebody else.
    for (const authorization of [
      `Bearer ${secret}`,
      secret,
      `Basic ${Buffer.from(`kim:${secret}`).toString('base64')}`,
    ]) {
      if (authorization !== `Bearer ${bearer}` && /^[\x20-\x7e]*$/.test(authorization)) {
        note('misplaced', (await hub.ask({ path: '/v2/unknown/thing', headers: { authorization } })).text);
        note('misplaced', (await hub.ask({ path: '/v2/library/alpine/tags/list', headers: { authorization } })).text);
        note('misplaced', (await hub.ask({ path: '/token', headers: { authorization } })).text);
      }
    }
    for (const [path, body] of [
      // Broken JSON, a field of another type and a field that nobody knows.
      ['/v2/users/login', `{"username":"max","password":"${secret}`],
      ['/v2/users/login', { username: { password: secret }, password: [secret] }],
      ['/v2/invites/accept', { token: [secret], account: { password: { is: secret } } }],
      ['/v2/setup', { token: secret, password: secret, username: 7 }],
      ['/v2/orgs/acme/groups', { name: 'x', password: secret, token: secret }],
      ['/v2/access-tokens', { token_label: 'ok', scopes: ['repo:read'], token: secret, expires_at: [secret] }],
    ] as const) {
      note('misplaced', (await hub.ask({ method: 'POST', path, headers: as(bearer), body })).text);
    }
  }
}

/** What owners and administrators can read of all that, after everything happened. */
async function readEverything(): Promise<void> {
  const headers = as(hub.olivia.bearer);
  for (const path of [
    '/v2/orgs/acme/activity?limit=1000',
    '/v2/orgs/acme/activity/export?format=csv',
    '/v2/orgs/acme/activity/export?format=jsonl',
    '/v2/auditlogs/acme?page_size=1000',
    '/v2/orgs/acme/pulls?limit=1000',
    '/v2/orgs/acme/pulls/export?format=csv',
    '/v2/orgs/acme/pulls/export?format=jsonl',
    '/v2/orgs/acme/members/export',
    '/v2/orgs/acme/members?invites=true',
    '/v2/orgs/acme/invites',
    '/v2/orgs/acme/member-tokens',
    '/v2/orgs/acme/access-tokens',
    '/v2/orgs/acme/sso/connections',
    '/v2/orgs/acme/domains',
    '/v2/orgs/acme/namespaces',
    '/v2/access-tokens?page_size=100',
    '/v2/users',
    '/v2/user',
    '/v2/status',
    '/v2/activity/deliveries',
    '/v2/activity/verify',
    '/openapi.json',
    '/docs/api',
    '/metrics',
    '/healthz',
    '/readyz',
  ]) {
    const answer = await ask(path, { path, headers });
    expect(answer.status, `${path}: ${answer.text}`).toBe(200);
  }
}

/** A secret as it may be written, and what would serve to find it out or to compare it with. */
function spellings(secret: string): readonly string[] {
  const digest = (algorithm: string, encoding: 'hex' | 'base64' | 'base64url') =>
    createHash(algorithm).update(secret).digest(encoding);
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
    ...(['sha1', 'sha256', 'sha512'] as const).flatMap((algorithm) =>
      (['hex', 'base64', 'base64url'] as const).map((encoding) => digest(algorithm, encoding)),
    ),
  ];
}

function findings(text: string): string[] {
  return [...secrets].flatMap(([what, secret]) => (spellings(secret).some((one) => text.includes(one)) ? [what] : []));
}

describe('secrets that came in by every way', () => {
  beforeAll(async () => {
    await readEverything();
    // What is delivered and noted later, is by now.
    await vi.waitUntil(() => delivered.join('').includes('org.member.add'), soon);
  }, 60_000);

  it('are of all kinds, and the search finds each of them in each spelling', () => {
    expect(secrets.size).toBeGreaterThan(20);
    for (const [what, secret] of secrets) {
      for (const one of spellings(secret)) expect(findings(`…${one}…`), one).toContain(what);
    }
  });

  it('are in no answer', () => {
    for (const [where, texts] of told) expect(findings(texts.join('\n')), where).toEqual([]);
  });

  it('are in no line of the log', () => {
    expect(hub.log()).toContain('invitation could not be sent');
    expect(findings(hub.log())).toEqual([]);
    expect(hub.log()).not.toContain('$argon2');
  });

  it('are in nothing that is delivered to webhooks', () => {
    expect(findings(delivered.join('\n'))).toEqual([]);
  });

  it('are told to Docker Hub only where they are for it', () => {
    const asked = [...hub.dockerHub.asked, ...hub.dockerHub.credentials].join('\n');
    expect(findings(asked)).toEqual(['upstream credential']);
  });

  it('leave no password hash in what is told', () => {
    for (const [where, texts] of told) expect(texts.join('\n'), where).not.toContain('$argon2');
  });

  it('are not in the data of the gate as they are, but for those that it must say itself', async () => {
    const files = globSync('**/*', { cwd: join(dirname(hub.file), 'data'), withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    const kept = [...files, ...(await hub.databaseRows())];
    const found = [...secrets].flatMap(([what, secret]) => (kept.some((file) => file.includes(secret)) ? [what] : []));
    // A cookie is good with its signature only. Of an ended session, an embedded database may still hold the bytes.
    const known = ['session cookie without its signature', 'client secret'];
    expect(found.filter((what) => !known.includes(what))).toEqual([]);
    expect(found, 'the search finds what is there').toContain('client secret');
  });
});

/** Takes what webhooks send, and says what an issuer of OpenID Connect says of itself. */
async function startReceiver(): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const issuer = `http://${request.headers.host}`;
      if (request.method === 'POST') {
        delivered.push(`${JSON.stringify(request.headers)}\n${Buffer.concat(chunks)}`);
        return void response.writeHead(204).end();
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
