import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HubWorld,
  openHubWorld,
  type Person,
  pusher,
  startTimeout,
} from '../../../server/test/hub-api/hub-world.ts';
import { run } from '../../src/program.ts';
import { capturingShell } from '../capturing-shell.ts';
import { startRecordingGate } from './api/recording-gate.ts';

// Commands that ask a real gate, from signing in to signing out.

let hub: HubWorld;
let bob: Person;
let pat: string;
/** Of the gate; the commands run in a folder of their own, as somebody who is not signed in yet. */
let url: string;
let home: string;
/** Where nobody listens. */
let nowhere: string;

beforeAll(async () => {
  hub = await openHubWorld({ tls: false });
  url = `http://${hub.host}`;
  const gone = await startRecordingGate(() => ({ status: 200 }));
  nowhere = gone.url;
  await gone.close();
  bob = await hub.addPerson('bob');
  pat = (await hub.addPersonalToken(hub.olivia, 'repo:admin')).secret;
}, startTimeout);

afterAll(() => hub?.close());

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pullgate-cli-'));
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

interface With {
  readonly input?: string;
  /** What is typed at the terminal; without it, nobody sits there. */
  readonly answers?: readonly string[];
  readonly env?: Record<string, string>;
}

async function pullgate(line: string | readonly string[], { env = {}, ...more }: With = {}) {
  const shell = capturingShell({ cwd: home, env: { XDG_CONFIG_HOME: home, ...env }, ...more });
  const code = await run(typeof line === 'string' ? line.split(' ') : line, shell);
  return { code, out: shell.stdout.text, err: shell.stderr.text };
}

/** Of a command that works. */
async function json(line: string | readonly string[], more?: With) {
  const { code, out, err } = await pullgate([...(typeof line === 'string' ? line.split(' ') : line), '--json'], more);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

const kept = () => join(home, 'pullgate', 'sign-in.json');
const keptText = () => readFileSync(kept(), 'utf8');
const asOwner = () => json(`login --url ${url} --username olivia --token-stdin`, { input: `${pat}\n` });
const withPassword = ({ username, password }: Person) =>
  json(`login --url ${url} --username ${username}`, { answers: [password] });

describe('login', () => {
  test('with an access token keeps it in a file of the user’s own', async () => {
    const { code, out, err } = await pullgate(`login --url ${url} --username olivia --token-stdin`, { input: pat });
    expect(code).toBe(0);
    expect(out).toBe(`Signed in to ${url} as olivia\n`);
    expect(err).toContain(kept());
    expect(`${out}${err}`).not.toContain(pat);
    expect(JSON.parse(keptText())).toEqual({ url, username: 'olivia', token: pat, bearer: expect.any(String) });
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'pullgate')).mode & 0o777).toBe(0o700);
    expect(await json('api people get-caller')).toMatchObject({ username: 'olivia' });
  });

  test('takes the token from the environment, too', async () => {
    const login = await json(`login --url ${url} --username olivia`, { env: { PULLGATE_TOKEN: pat } });
    expect(login).toEqual({ url, username: 'olivia', until: null });
    expect(await json('api people get-caller')).toMatchObject({ username: 'olivia' });
  });

  test('asks for what is not said, and does not keep a password', async () => {
    const { code, out } = await pullgate('login', { answers: [url, 'bob', bob.password] });
    expect(code).toBe(0);
    expect(out).toMatch(/^Signed in to http:\S+ as bob until \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\n$/);
    expect(keptText()).not.toContain(bob.password);
    expect(Object.keys(JSON.parse(keptText())).sort()).toEqual(['bearer', 'url', 'username']);
    expect(await json('api people get-caller')).toMatchObject({ username: 'bob' });
  });

  test('with a token of the organization does what its scopes say', async () => {
    const { secret } = await hub.addOrganizationToken(hub.olivia, 'acme', 'scope-member-read');
    await json(`login --url ${url} --username acme --token-stdin`, { input: secret });
    expect((await json('api members list --org acme')).count).toBeGreaterThan(1);
    expect(await pullgate('api image-access get --org acme')).toMatchObject({ code: 5, out: '' });
  });

  test('goes on where one signed in last', async () => {
    await asOwner();
    expect(await json('login --username olivia --token-stdin', { input: pat })).toMatchObject({ url });
  });

  test.each<[string, string, With, number, string]>([
    [
      'a wrong password',
      'login --url GATE --username bob',
      { answers: ['wrong'] },
      4,
      'Incorrect authentication credentials\n',
    ],
    [
      'a token of nobody',
      'login --url GATE --username bob --token-stdin',
      { input: `pgp_${'x'.repeat(36)}` },
      4,
      'Incorrect',
    ],
    [
      'a password in a pipe',
      'login --url GATE --username bob --token-stdin',
      { input: 'a password' },
      2,
      'begin with pgp_ or pgo_',
    ],
    ['an empty pipe', 'login --url GATE --username bob --token-stdin', { input: '\n' }, 2, 'Pipe an access token in'],
    ['nobody to ask', 'login --url GATE --username bob', {}, 2, '--token-stdin, or put it into PULLGATE_TOKEN'],
    ['no user name', 'login --url GATE', {}, 2, 'User name is missing. Say it with --username alice'],
    ['no address', 'login --username bob', {}, 2, 'Say it with --url https://gate.acme.dev'],
    [
      'an address that is none',
      'login --url https://gate.acme.dev/v2 --username bob',
      {},
      2,
      'is no address of a gate',
    ],
    ['an address in the clear', 'login --url http://gate.acme.dev --username bob', {}, 2, 'Use https://gate.acme.dev'],
    [
      'nobody there',
      'login --url NOWHERE --username bob',
      { answers: ['x'] },
      8,
      'takes no connections. Is the gate running',
    ],
  ])('refuses %s, and keeps nothing', async (_, line, more, code, text) => {
    const ended = await pullgate(line.replace('GATE', url).replace('NOWHERE', nowhere), more);
    expect(ended).toMatchObject({ code, out: '', err: expect.stringContaining(text) });
    expect(() => keptText()).toThrow('ENOENT');
  });
});

describe('logout', () => {
  test('forgets', async () => {
    await asOwner();
    expect(await pullgate('logout')).toMatchObject({ code: 0, out: `The sign-in of olivia at ${url} is forgotten.\n` });
    expect(() => keptText()).toThrow('ENOENT');
    expect(await pullgate('logout')).toMatchObject({ code: 0, out: 'Nobody was signed in.\n' });
  });

  test('forgets although the gate is away, and says so', async () => {
    await withPassword(bob);
    writeFileSync(kept(), JSON.stringify({ ...JSON.parse(keptText()), url: nowhere }));
    expect(await pullgate('logout')).toMatchObject({ code: 0, err: expect.stringContaining('within half an hour') });
    expect(() => keptText()).toThrow('ENOENT');
  });

  test('ends the session that a password began', async () => {
    await withPassword(bob);
    const { bearer } = JSON.parse(keptText());
    expect((await hub.as(bearer, 'GET', '/v2/user')).status).toBe(200);
    expect((await pullgate('logout')).code).toBe(0);
    expect((await hub.as(bearer, 'GET', '/v2/user')).status).toBe(401);
  });
});

describe('whoever is not signed in', () => {
  test('is told how to', async () => {
    const { code, out, err } = await pullgate('api members list --org acme');
    expect([code, out]).toEqual([4, '']);
    expect(err).toContain('pullgate login --url https://gate.acme.dev --username alice');
  });

  test('may ask what everybody may, at an address', async () => {
    expect(await json(`api installation get-set-up --url ${url}`)).toMatchObject({ needed: false });
  });

  test('accepts an invitation with secrets that stand in no argument', async () => {
    await asOwner();
    const { invitees } = await json('api invitations invite-members --org acme --invitees zoe@acme.example');
    const token = invitees[0].link.split('#')[1];
    await pullgate('logout');
    const line = `api invitations accept --url ${url} --account-username zoe`;
    expect(await json(line, { answers: [token, 'a password of some length'] })).toMatchObject({ username: 'zoe' });
  });

  test('is told when a sign-in with a password has ended', async () => {
    await withPassword(bob);
    const { bearer, ...rest } = JSON.parse(keptText());
    writeFileSync(kept(), JSON.stringify({ ...rest, bearer: ending(bearer, 0) }));
    expect(await pullgate('api people get-caller')).toMatchObject({
      code: 4,
      err: `pullgate: The sign-in of bob at ${url} has ended. Sign in again: pullgate login\n`,
    });
  });

  test('is told when the token was deleted', async () => {
    const { id, secret } = await hub.addPersonalToken(bob, 'repo:read');
    await json(`login --url ${url} --username bob --token-stdin`, { input: secret });
    await hub.must(bob, 'DELETE', `/v2/access-tokens/${id}`);
    expect(await pullgate('api people get-caller')).toMatchObject({
      code: 4,
      err: expect.stringContaining('Sign in again: pullgate login'),
    });
  });
});

/** The same claims with another end. What signs it does not matter to whoever only looks at the end. */
function ending(bearer: string, exp: number): string {
  const [header = '', claims = '', signature = ''] = bearer.split('.');
  const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), exp };
  return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
}

test('a bearer that has ended is renewed with the token, and kept', async () => {
  await asOwner();
  const stored = JSON.parse(keptText());
  const ended = ending(stored.bearer, Math.floor(Date.now() / 1000) + 10);
  writeFileSync(kept(), JSON.stringify({ ...stored, bearer: ended }));
  expect(await json('api people get-caller')).toMatchObject({ username: 'olivia' });
  expect(JSON.parse(keptText())).toMatchObject({ token: pat, bearer: expect.not.stringContaining(ended) });
  expect(statSync(kept()).mode & 0o777).toBe(0o600);
});

describe('an owner', () => {
  beforeEach(async () => {
    await asOwner();
  });

  test('lists, for people and for scripts', async () => {
    const { code, out, err } = await pullgate('api members list --org acme --role owner');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^USERNAME +FULL NAME +EMAIL +ROLE +GROUPS +DATE JOINED\nolivia +.*olivia@acme\.example +Owner/,
    );
    expect(await json('api members list --org acme --search bob')).toMatchObject({
      count: 1,
      next: null,
      results: [{ username: 'bob', role: 'Member' }],
    });
    expect((await pullgate('api members list --org acme --search nobody-at-all')).out).toBe('Nothing there.\n');
  });

  test('reads a list page by page, or to its end', async () => {
    const first = await pullgate('api members list --org acme --page-size 1');
    expect(first.err).toBe('There is more: --page 2, or --all.\n');
    expect(first.out.trim().split('\n')).toHaveLength(2);
    const { count, results } = await json('api members list --org acme --page-size 1 --page 2');
    expect(results).toHaveLength(1);
    const all = await json('api members list --org acme --page-size 1 --all');
    expect(all).toHaveLength(count);
    expect(new Set(all.map(({ username }: { username: string }) => username)).size).toBe(count);

    const newest = await pullgate('api activity list --org acme --limit 2');
    const cursor = /There is more: (--cursor \S+), or --all/.exec(newest.err)?.[1] ?? '';
    const sequencesOf = async (line: string) =>
      (await json(line)).results.map(({ sequence }: { sequence: number }) => sequence);
    const [, second] = await sequencesOf('api activity list --org acme --limit 2');
    const [third] = await sequencesOf(`api activity list --org acme --limit 2 ${cursor}`);
    expect(third).toBeLessThan(second);
    const activity = await json('api activity list --org acme --limit 3 --all --from 1h');
    expect(activity.length).toBeGreaterThan(3);
    expect(await pullgate('api members list --org acme --all --page 2')).toMatchObject({ code: 2 });
  });

  test('creates, changes and deletes', async () => {
    expect(
      await json(['api', 'teams', 'create', '--org', 'acme', '--name', 'crew', '--description', 'On board']),
    ).toMatchObject({ name: 'crew', description: 'On board' });
    expect(await json('api teams add-member crew --org acme --member bob')).toMatchObject({ username: 'bob' });
    expect((await pullgate('api teams list-members crew --org acme')).out).toContain('bob@acme.example');
    expect((await pullgate('api teams update crew --org acme --role editor')).out).toMatch(
      /^name +crew\n(?:.*\n)*role +editor\n/m,
    );
    expect(await pullgate('api teams remove-member crew bob --org acme')).toEqual({ code: 0, out: '', err: 'Done.\n' });
    expect(await pullgate('api teams delete crew --org acme --json')).toEqual({ code: 0, out: '', err: '' });
    expect(await pullgate('api teams get crew --org acme')).toMatchObject({ code: 6, out: '' });
  });

  test('is told what contradicts what is there', async () => {
    await json('api teams create --org acme --name twice');
    expect(await pullgate('api teams create --org acme --name twice')).toMatchObject({ code: 7, out: '' });
  });

  test('changes the policy only as it was seen', async () => {
    const { version } = await json('api image-access get --org acme');
    const line = 'api image-access update --org acme --enabled --allow-community-images false';
    const changed = await json(`${line} --allowlist-add bitnami/redis somebody/tool --if-match ${version}`);
    expect(changed).toMatchObject({ enabled: true, allow_community_images: false, version: version + 1 });
    expect(changed.allowlist.repositories).toEqual(expect.arrayContaining(['docker.io/bitnami/redis']));
    expect(await pullgate(`${line} --if-match ${version}`)).toMatchObject({ code: 7, out: '' });
    const shown = await pullgate(`api image-access diff-versions ${version + 1} --org acme`);
    expect(shown.out).toMatch(/changes:\nSETTING +BEFORE +AFTER\nenabled +no +yes\n/);
  });

  test('takes a body from a file or a pipe, and options over it', async () => {
    writeFileSync(join(home, 'team.json'), JSON.stringify({ name: 'from-file', description: 'of the file' }));
    const named = await json('api teams create --org acme --body @team.json --description changed');
    expect(named).toMatchObject({ name: 'from-file', description: 'changed' });
    const piped = await json('api teams create --org acme --body -', { input: '{"name":"from-pipe","unknown":1}' });
    expect(piped).toMatchObject({ name: 'from-pipe' });
  });

  test('gives a secret at the terminal or in the body, and it is told nowhere', async () => {
    const { username, password } = pusher;
    const line = `api namespaces claim --org acme --registry ghcr.io --namespace NAME --proof-repository NAME/web --proof-username ${username}`;
    const asked = await pullgate(line.replaceAll('NAME', 'typed'), { answers: [password] });
    expect([asked.code, asked.err]).toEqual([0, '']);
    const body = JSON.stringify({ proof: { password } });
    const piped = await pullgate(`${line.replaceAll('NAME', 'piped')} --body -`, { input: body });
    expect([piped.code, piped.err]).toEqual([0, '']);
    expect(`${asked.out}${piped.out}`).not.toContain(password);
    expect(await pullgate(line.replaceAll('NAME', 'nobody'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('Give {"proof":{"password":"…"}} with --body @file or --body -.'),
    });
  });

  test('makes a token, which is shown once', async () => {
    const resources = '[{"type":"TYPE_REPO","path":"acme/*","scopes":["scope-image-pull"]}]';
    const line = ['api', 'organization-tokens', 'create', '--org', 'acme', '--label', 'ci', '--resources', resources];
    const { code, out, err } = await pullgate(line);
    expect(code).toBe(0);
    expect(out.match(/pgo_\w+/g)).toHaveLength(1);
    expect(err).toBe('\nThe secret above is shown this once.\n');
    const id = /^id +(\S+)$/m.exec(out)?.[1] ?? '';
    const shown = await pullgate(`api organization-tokens get ${id} --org acme`);
    expect(shown).toMatchObject({ code: 0, err: '', out: expect.not.stringContaining('pgo_') });
    expect((await pullgate('api organization-tokens list --org acme')).out).not.toContain('pgo_');
    expect((await pullgate(`api organization-tokens delete ${id} --org acme`)).code).toBe(0);
  });

  test('exports to stdout', async () => {
    const { code, out, err } = await pullgate('api members export --org acme');
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\r\n').find((line) => line.includes('bob@acme.example'))).toContain('bob');
    const activity = await pullgate('api activity export --org acme --format jsonl');
    expect(JSON.parse(activity.out.split('\n')[0] ?? '')).toMatchObject({ action: 'org.create' });
    expect(await pullgate('api members export --org umbrella')).toMatchObject({ code: 6, out: '' });
  });

  test('with a token cannot make tokens, and is told why', async () => {
    const line = 'api personal-tokens create --token-label more --scopes repo:read';
    expect(await pullgate(line)).toMatchObject({
      code: 5,
      err: expect.stringContaining('Sign in with a password for this: pullgate login'),
    });
    await withPassword(hub.olivia);
    expect((await json(line)).token).toMatch(/^pgp_\w+$/);
  });

  test('finds nothing of others, and stays an owner', async () => {
    expect(await pullgate('api members list --org umbrella')).toMatchObject({ code: 6, out: '' });
    expect(await pullgate('api members update olivia --org acme --role member')).toMatchObject({ code: 1, out: '' });
  });
});

test('a member may look, and not change', async () => {
  await withPassword(bob);
  expect((await json('api members list --org acme')).count).toBeGreaterThan(1);
  expect(await pullgate('api teams create --org acme --name mine')).toMatchObject({ code: 5, out: '' });
});

describe('bad input is refused before anything is sent', () => {
  // Nobody is there: what would be sent, would end with another code.
  beforeEach(async () => {
    await asOwner();
    writeFileSync(kept(), JSON.stringify({ ...JSON.parse(keptText()), url: nowhere }));
    writeFileSync(join(home, 'list.json'), '[1]');
  });

  test.each<[string, readonly string[], string]>([
    ['an option that is missing', ['teams', 'create', '--org', 'acme'], '--name is missing.'],
    ['no organization', ['teams', 'list'], "'--org <name>' not specified"],
    ['an argument that is missing', ['teams', 'get', '--org', 'acme'], "missing required argument 'team'"],
    ['a value that is too long', ['teams', 'create', '--org', 'acme', '--name', 'x'.repeat(31)], '--name: '],
    ['one of others', ['members', 'update', 'bob', '--org', 'acme', '--role', 'boss'], 'Allowed choices are member'],
    ['no number', ['members', 'list', '--org', 'acme', '--page', 'two'], 'It is a whole number.'],
    ['neither true nor false', ['people', 'update', 'bob', '--is-active', 'maybe'], 'It is true or false.'],
    ['no time', ['pulls', 'list', '--org', 'acme', '--from', 'yesterday'], 'or how long ago (7d)'],
    ['no JSON', ['organization-tokens', 'create', '--org', 'acme', '--resources', '{'], 'It is no JSON.'],
    [
      'JSON that is something else',
      ['organization-tokens', 'create', '--org', 'acme', '--label', 'ci', '--resources', '[{"type":"X"}]'],
      '--resources: ',
    ],
    [
      'a body on the command line',
      ['teams', 'create', '--org', 'acme', '--body', '{"name":"a"}'],
      '--body takes @file or -',
    ],
    [
      'a body that is no object',
      ['teams', 'create', '--org', 'acme', '--body', '@list.json'],
      'A body is one JSON object',
    ],
    ['a body that is not there', ['teams', 'create', '--org', 'acme', '--body', '@none.json'], 'There is no file'],
    ['a body that nobody pipes in', ['teams', 'create', '--org', 'acme', '--body', '-'], 'Pipe the body in'],
    ['a path that leads elsewhere', ['teams', 'delete', '..', '--org', 'acme'], '".." cannot be in a path.'],
    ['a secret as an option', ['invitations', 'view', '--token', 'x'], "unknown option '--token'"],
    ['a noun that is not there', ['team', 'list'], 'Did you mean teams?'],
    ['a verb that is not there', ['teams', 'lst'], 'Did you mean list?'],
  ])('%s', async (_, line, text) => {
    expect(await pullgate(['api', ...line])).toMatchObject({ code: 2, out: '', err: expect.stringContaining(text) });
  });

  test('and what is right finds nobody there', async () => {
    expect(await pullgate('api teams list --org acme')).toMatchObject({ code: 8, out: '' });
  });
});
