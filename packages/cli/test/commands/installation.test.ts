import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { capturingShell } from '../capturing-shell.ts';

// Each command runs on the data of a real installation, in this process.

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'pullgate-cli-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Nobody answers on port 1, so that nothing asks the real Docker Hub. */
const env = { PULLGATE_HUB_URL: 'http://127.0.0.1:1' };

async function pullgate(line: string | readonly string[], input?: string): Promise<Ended> {
  const shell = capturingShell({ cwd, env, ...(input !== undefined && { input }) });
  const code = await run(typeof line === 'string' ? line.split(' ') : line, shell);
  return { code, out: shell.stdout.text, err: shell.stderr.text };
}

/** Of a command that works. */
async function json(line: string) {
  const { code, out, err } = await pullgate(`${line} --json`);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

async function says(line: string): Promise<string> {
  const { code, out, err } = await pullgate(line);
  expect([code, out]).toEqual([expect.any(Number), '']);
  expect(code).not.toBe(0);
  return err;
}

describe('password', () => {
  test('sets the password of a person, which is shown nowhere', async () => {
    expect((await pullgate('init --org acme --owner alice')).code).toBe(0);
    const { code, out } = await pullgate('password alice --password-stdin', 'a good long password\n');
    expect([code, out]).toEqual([0, 'alice signs in to the console with the new password from now on.\n']);
    const told = await pullgate('activity list --json');
    expect(told.out).toContain('sign_in.password.set');
    expect(told.out).not.toContain('a good long password');
  });

  test('knows only people who are there', async () => {
    expect((await pullgate('init --org acme --owner alice')).code).toBe(0);
    expect((await pullgate('password bbo --password-stdin', 'a good long password\n')).code).not.toBe(0);
  });
});

const patShape = /^pgp_[0-9A-Za-z]{36}$/;

describe('init', () => {
  test('sets the owner’s password, which is read from the standard input and shown nowhere', async () => {
    const { code, out, err } = await pullgate(
      'init --org acme --owner alice --password-stdin',
      'a good long password\n',
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).not.toContain('a good long password');
    const told = await pullgate('activity list --json');
    expect(told.out).toContain('sign_in.password.set');
    expect(told.out).not.toContain('a good long password');
  });

  test('leaves the password of somebody who is here already', async () => {
    expect((await pullgate('init --org acme --owner alice')).code).toBe(0);
    const { code, err } = await pullgate('init --org other --owner alice --password-stdin', 'a good long password\n');
    expect(code).not.toBe(0);
    expect(err).toContain('password alice');
    expect((await pullgate('activity list --json')).out).not.toContain('sign_in.password.set');
  });

  test.each([undefined, '', 'short\n', `${'x'.repeat(300)}\n`, '\nsecond line is not read'])(
    'makes nothing without a password when one was to be read: %j',
    async (input) => {
      const { code, err } = await pullgate('init --org acme --owner alice --password-stdin', input);
      expect(code).not.toBe(0);
      expect(err).toContain('10 to 256 characters');
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  test('makes the organization, its owner and a token, and tells what comes next', async () => {
    const { code, out } = await pullgate('init --org acme --owner alice');
    expect(code).toBe(0);
    expect(out).toMatch(/pgp_[0-9A-Za-z]{36}/);
    expect(out).toContain('docker login localhost:5050 --username alice');
    expect(out).toContain('pullgate namespace claim docker.io/acme --org acme');
    expect(out).toContain('pullgate policy set --enable --org acme');
    expect(await json('member list')).toEqual([
      expect.objectContaining({ username: 'alice', role: 'owner', isActive: true }),
    ]);
    expect(await json('token list --user alice')).toEqual([
      expect.objectContaining({ label: 'Made by pullgate init' }),
    ]);
  });

  test('--json gives the token to a script', async () => {
    expect(await json('init --org acme --owner alice')).toEqual({
      organization: 'acme',
      owner: 'alice',
      token: expect.stringMatching(patShape),
      url: 'http://localhost:5050',
    });
  });

  test('does not take over an organization that is there', async () => {
    await json('init --org acme --owner alice');
    expect(await says('init --org acme --owner mallory')).toBe(
      'pullgate: acme exists already. Add people to it: pullgate member add <username> --org acme\n',
    );
    expect(await json('member list')).toHaveLength(1);
  });

  test.each([
    ['a name that is none', 'init --org Acme! --owner bob'],
    ['one name for both', 'init --org bob --owner bob'],
    ['an owner whose name is none', 'init --org bobs --owner Bob!'],
  ])('leaves nobody and nothing when it fails, by %s: who comes first administers', async (_, failing) => {
    await says(failing);
    await json('init --org acme --owner alice');
    await json('member add bob');
    const people = (await json('activity list')).filter(({ action }: { action: string }) => action === 'person.create');
    expect(people).toMatchObject([
      { name: 'bob', after: { isAdministrator: false } },
      { name: 'alice', after: { isAdministrator: true } },
    ]);
  });

  test('one person can own several organizations, and then commands ask which', async () => {
    await json('init --org acme --owner alice');
    await json('init --org beta --owner alice');
    expect(await pullgate('policy show')).toEqual({
      code: 2,
      out: '',
      err: 'pullgate: Say which organization, with --org: acme, beta.\n',
    });
    expect(await json('policy show --org beta')).toMatchObject({ organization: 'beta' });
  });

  test('a name that is none is refused with a sentence', async () => {
    expect(await says('init --org Acme! --owner alice')).toMatch(/^pullgate: A name has 2 to 40 lower-case letters/);
  });
});

describe('hints with --config name it again', () => {
  const file = "my gate's.yaml";
  const program = `pullgate --config 'my gate'\\''s.yaml'`;

  beforeEach(() => {
    writeFileSync(path.join(cwd, file), 'data: elsewhere\n');
  });

  test('where there is no installation', async () => {
    const { err } = await pullgate(['policy', 'show', '--config', file]);
    expect(err).toContain(`Make one with ${program} init --org acme --owner alice`);
  });

  test('where there is no organization', async () => {
    mkdirSync(path.join(cwd, 'elsewhere'));
    const { err } = await pullgate(['policy', 'show', '--config', file]);
    expect(err).toContain(`Make the first one: ${program} init --org acme --owner alice`);
  });

  test('after init and member add', async () => {
    const init = ['init', '--org', 'acme', '--owner', 'alice', '--config', file];
    expect((await pullgate(init)).out).toContain(`${program} serve`);
    expect((await pullgate(init)).err).toContain(`${program} member add <username> --org acme`);
    const { err } = await pullgate(['member', 'add', 'bob', '--config', file]);
    expect(err).toContain(`${program} token create --user bob`);
  });

  test('before the command too', async () => {
    writeFileSync(path.join(cwd, 'gate.yaml'), 'data: elsewhere\n');
    expect(await says('--config gate.yaml policy show')).toContain('Make one with pullgate --config gate.yaml init');
  });
});

test.each([
  ['policy set --add-registry ghcr.io', 'The gate does not pull from ghcr.io yet'],
  ['policy set --add-repository nginx Acme/web quay.io/a/b', 'The gate does not pull from acme:443, quay.io yet'],
  ['policy set --add-registry ghcr.io --add-repository ghcr.io/a/b', 'The gate does not pull from ghcr.io yet'],
  ['namespace claim quay.io/acme', 'The gate does not pull from quay.io yet'],
])('%s: rules for a registry that the gate does not pull from are told as such', async (line, hint) => {
  await json('init --org acme --owner alice');
  expect(await pullgate(line)).toMatchObject({ code: 0, err: expect.stringContaining(hint) });
  expect((await pullgate('namespace claim docker.io/acme')).err).not.toContain('does not pull');
});

test.each([
  [{ PULLGATE_DATA: '/srv/gate data' }, "PULLGATE_DATA='/srv/gate data' pullgate init"],
  [{ PULLGATE_CONFIG: 'gate.yaml' }, 'PULLGATE_CONFIG=gate.yaml pullgate init'],
])('what to run next finds the installation that the environment names: %j', async (env, command) => {
  writeFileSync(path.join(cwd, 'gate.yaml'), 'data: elsewhere\n');
  const shell = capturingShell({ cwd, env });
  await run(['policy', 'show'], shell);
  expect(shell.stderr.text).toContain(`Make one with ${command}`);
});

describe('before there is an organization', () => {
  test.each(['policy show', 'check nginx', 'pulls tail'])(
    '%s leaves nothing behind in a wrong folder',
    async (line) => {
      expect(await says(line)).toBe(
        `pullgate: There is no installation in ${path.join(cwd, 'data')}. Make one with pullgate init --org acme --owner alice, or say where it is with --config or PULLGATE_DATA.\n`,
      );
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  test('a folder without any says how to make one', async () => {
    mkdirSync(path.join(cwd, 'data'));
    expect(await says('policy show')).toContain('pullgate init --org acme --owner alice');
  });
});

describe('policy', () => {
  beforeEach(async () => {
    await json('init --org acme --owner alice');
  });

  test('show tells what is in force', async () => {
    expect(await json('policy show')).toEqual({
      organization: 'acme',
      version: 1,
      changedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      changedBy: 'root',
      enforceSignIn: true,
      policy: {
        enabled: false,
        allow: { official: true, 'verified-publisher': true, 'sponsored-oss': false, community: false },
        allowlist: { enabled: false, repositories: [] },
        registryAccess: { enabled: false, dockerHub: true, registries: [] },
      },
    });
    const { out } = await pullgate('policy show');
    expect(out).toMatch(/^Image access management +off$/m);
    expect(out).toMatch(/^Organization images +always allowed$/m);
    expect(out).toMatch(/^Community images +refused$/m);
  });

  test('set shows what changed, and the new version', async () => {
    const { code, out, err } = await pullgate('policy set --enable --refuse official --add-repository bitnami/redis');
    expect(code).toBe(0);
    expect(out).toContain('acme is at policy version 2 now.');
    expect(out).toMatch(/^Image access management +off +-> +on$/m);
    expect(out).toMatch(/^Official images +allowed +-> +refused$/m);
    expect(out).toMatch(/^Allowlist +not listed +-> +docker.io\/bitnami\/redis$/m);
    expect(err).toBe('The allowlist is off: --allowlist on lets it count.\n');
  });

  test('what is so already is no new version', async () => {
    await json('policy set --enable');
    const { out } = await pullgate('policy set --enable --allow official');
    expect(out).toBe('Nothing to change: acme stays at policy version 2.\n');
  });

  test('what was not on a list is named: it may be another spelling that is', async () => {
    await json('policy set --add-repository nginx --add-registry ghcr.io');
    expect(await pullgate('policy set --remove-repository nginy acme/web --remove-registry ghcr.io:444')).toEqual({
      code: 0,
      out: 'Nothing to change: acme stays at policy version 2.\n',
      err: [
        'Not on the allowlist: docker.io/acme/web, docker.io/library/nginy. See pullgate policy show --org acme\n',
        'Not among the registries: ghcr.io:444. See pullgate policy show --org acme\n',
      ].join(''),
    });
    const removed = await pullgate('policy set --remove-repository nginx nginy --remove-registry ghcr.io');
    expect(removed.out).toContain('acme is at policy version 3 now.');
    expect(removed.err).toMatch(/^Not on the allowlist: docker\.io\/library\/nginy\. /m);
    expect(removed.err).not.toContain('Not among the registries');
  });

  test('sign-in can be left to the people', async () => {
    expect(await json('policy set --enforce-sign-in off')).toMatchObject({
      enforceSignIn: false,
      previousVersion: 1,
      changes: [{ setting: 'Enforce sign-in', before: 'on', after: 'off' }],
    });
    expect(await json('policy show')).toMatchObject({ enforceSignIn: false });
  });

  test('sign-in alone makes no policy version, and set does not say so', async () => {
    const { out } = await pullgate('policy set --enforce-sign-in off');
    expect(out).toMatch(/^acme is changed\.\n/);
    expect(out).toMatch(/^Enforce sign-in +on +-> +off$/m);
    expect(out).not.toContain('version');
    expect(await json('policy show')).toMatchObject({ version: 1 });
  });

  test('a file sets sign-in where it tells, and an option goes before it', async () => {
    const { out } = await pullgate('policy set --enforce-sign-in off --json');
    writeFileSync(path.join(cwd, 'policy.json'), out);
    await json('policy set --enforce-sign-in on');
    expect(await json('policy set --file policy.json')).toMatchObject({ enforceSignIn: false });
    expect(await json('policy set --file policy.json --enforce-sign-in on')).toMatchObject({ enforceSignIn: true });
    const { policy } = JSON.parse(out);
    await json('policy set --enforce-sign-in off');
    writeFileSync(path.join(cwd, 'policy.json'), JSON.stringify(policy));
    expect(await json('policy set --file policy.json')).toMatchObject({ enforceSignIn: false });
  });

  test('what show prints can be set again from a file', async () => {
    const { out } = await pullgate('policy set --enable --allowlist on --add-repository nginx ghcr.io/acme/web --json');
    writeFileSync(path.join(cwd, 'policy.json'), out);
    await json('policy set --disable --allowlist off --remove-repository nginx');
    const restored = await json('policy set --file policy.json');
    expect(restored.policy).toEqual(JSON.parse(out).policy);
    expect(restored.version).toBe(4);
  });

  test('a file can be YAML, and options come after it', async () => {
    writeFileSync(
      path.join(cwd, 'policy.yaml'),
      `enabled: true
allow: { official: true, verified-publisher: false, sponsored-oss: true, community: false }
allowlist: { enabled: false, repositories: [] }
registryAccess: { enabled: true, dockerHub: true, registries: [ghcr.io] }
`,
    );
    expect(await json('policy set --file policy.yaml --allow community')).toMatchObject({
      policy: { enabled: true, allow: { 'verified-publisher': false, community: true } },
    });
  });

  test('names in a file may be written as people write them', async () => {
    const policy = structuredClone((await json('policy show')).policy);
    policy.allowlist.repositories = ['nginx', 'index.docker.io/acme/web', 'ghcr.io/acme/tool'];
    policy.registryAccess.registries = ['GHCR.io'];
    writeFileSync(path.join(cwd, 'policy.json'), JSON.stringify(policy));
    expect((await json('policy set --file policy.json')).policy).toMatchObject({
      allowlist: { repositories: ['docker.io/acme/web', 'docker.io/library/nginx', 'ghcr.io/acme/tool'] },
      registryAccess: { registries: ['ghcr.io'] },
    });
  });

  test('a setting beside the policy that there is not is told: it would count for nothing', async () => {
    const { policy } = await json('policy show');
    const lines = [`policy: ${JSON.stringify(policy)}`, 'enforceSignin: false'];
    writeFileSync(path.join(cwd, 'policy.yaml'), lines.join('\n'));
    expect(await says('policy set --file policy.yaml')).toBe(
      'pullgate: policy.yaml has settings that there are not:\npolicy.yaml:2:1: enforceSignin is no setting of a policy.\n',
    );
  });

  test('every wrong name in a file is told, with its line', async () => {
    const { policy } = await json('policy show');
    const lines = [
      'policy:',
      `  enabled: true`,
      `  allow: ${JSON.stringify(policy.allow)}`,
      '  allowlist:',
      '    enabled: true',
      '    repositories:',
      '      - nginx',
      '      - Upper/Case',
      '      - nginx:1.27',
      '  registryAccess: { enabled: true, dockerHub: true, registries: [docker.io,',
      '    not/a/host] }',
    ];
    writeFileSync(path.join(cwd, 'policy.yaml'), lines.join('\n'));
    const said = (await says('policy set --file policy.yaml')).split('\n');
    expect(said.map((line) => line.slice(0, 60))).toEqual([
      'pullgate: policy.yaml has names that cannot be used:',
      expect.stringMatching(/^policy\.yaml:8:9: .*lower case/),
      expect.stringMatching(/^policy\.yaml:9:9: The allowlist holds repositories/),
      expect.stringMatching(/^policy\.yaml:10:/),
      expect.stringMatching(/^policy\.yaml:11:5: /),
      '',
    ]);
    expect(await json('policy show')).toMatchObject({ version: 1 });
  });

  test.each([
    ['a file that is not there', undefined, 'policy.yaml cannot be read (ENOENT)'],
    ['a file that is not YAML', 'a: [', 'policy.yaml is not YAML'],
    ['an empty file', '', 'policy.yaml is not a whole policy:\npolicy.yaml: A policy has settings under it.\n'],
    ['a list', '- 1', 'policy.yaml:1:1: A policy has settings under it.\n'],
    [
      'a file that is no policy',
      'enabled: yes',
      'policy.yaml is not a whole policy:\npolicy.yaml:1:1: enabled is true or false.\npolicy.yaml:1:1: allow is missing.\n',
    ],
    [
      'a file with another setting',
      JSON.stringify({ policy: { prot: 1 } }),
      ':1:12: prot is no setting of a policy.\n',
    ],
    ['a file without settings', '# none\npolicy:\n  prot: 1', 'policy.yaml:2:1: allow is missing.\n'],
    ['settings by an alias', 'enabled: &a {}\nallow: *a', 'policy.yaml:2:1: allow.official is missing.\n'],
    [
      'a number on a list',
      'enabled: true\nallowlist:\n  enabled: true\n  repositories:\n    - nginx\n    - 1',
      'policy.yaml:6:7: allowlist.repositories is a list of names, and this is none. What YAML takes for a number or a date needs quotes.\n',
    ],
    [
      'many settings that nobody knows',
      Array.from({ length: 30 }, (_, index) => `x${index}: 1`).join('\n'),
      'and 14 more\nCompare it with what policy show --json prints.\n',
    ],
  ])('%s changes nothing', async (_, text, message) => {
    if (text !== undefined) writeFileSync(path.join(cwd, 'policy.yaml'), text);
    expect(await says('policy set --file policy.yaml')).toContain(message);
    expect(await json('policy show')).toMatchObject({ version: 1 });
  });
});

test('enforceSignIn in a file is true or false', async () => {
  await json('init --org acme --owner alice');
  const shown = await json('policy show');
  writeFileSync(path.join(cwd, 'policy.json'), JSON.stringify({ ...shown, enforceSignIn: 'no' }));
  expect(await says('policy set --file policy.json')).toMatch(
    /^pullgate: policy\.json:1:\d+: enforceSignIn is true or false\.\n$/,
  );
});

describe('check', () => {
  beforeEach(async () => {
    await json('init --org acme --owner alice');
    await json('member add bob');
    await json('policy set --enable');
  });

  test.each([
    ['a community image, for a member', 'check evil/miner --as bob', 3, 'category', 'Community'],
    ['an official image, for a member', 'check nginx:1.27 --as bob', 0, 'category', 'Official'],
    ['a community image, for an owner', 'check evil/miner --as alice', 0, 'owner', 'Community'],
    ['an official image, for nobody', 'check nginx', 3, 'sign-in-required', 'Official'],
    ['a registry that is not configured', 'check ghcr.io/acme/web --as bob', 3, 'registry-unknown', 'Other registry'],
  ])('%s', async (_, line, code, rule, category) => {
    const answer = await pullgate(`${line} --json`);
    expect(answer.code).toBe(code);
    expect(JSON.parse(answer.out)).toMatchObject({ verdict: code === 0 ? 'allow' : 'deny', rule });
    const text = await pullgate(line);
    expect(text.code).toBe(code);
    expect(text.out).toMatch(new RegExp(`^Verdict +${code === 0 ? 'allowed' : 'refused'}$`, 'm'));
    expect(text.out).toMatch(new RegExp(`^Category +${category}$`, 'm'));
    expect(text.out).toMatch(new RegExp(`^> +${rule} +${code === 0 ? 'allow' : 'refuse'} `, 'm'));
  });

  test('a refusal tells what may be pulled instead', async () => {
    const { out } = await pullgate('check evil/miner --as bob');
    expect(out).toContain('Decided by  acme, policy version 2');
    expect(out).toContain('Allowed instead: Organization, Official, Verified Publisher images.');
  });

  test('every rule of an organization is there once', async () => {
    await json('policy set --disable');
    await json('init --org beta --owner alice');
    const { out } = await pullgate('check nginx --as alice');
    expect(out.match(/^[> ] +image-access-off +allow/gm)).toHaveLength(2);
    expect(out.match(/image-access-off/g)).toHaveLength(2);
    expect(out.match(/^ +category +not asked/gm)).toHaveLength(2);
  });

  test('an unknown category is told where it is shown, after a blank line', async () => {
    const hint = '\nDocker Hub did not tell what this image is, so it counts as community. Can the gate reach it?\n';
    expect((await pullgate('check evil/miner --as bob')).err).toBe(hint);
    await json('namespace claim docker.io/acme');
    expect((await pullgate('check acme/web --as bob')).err).toBe('');
  });

  test('somebody who does not exist is no reason to refuse', async () => {
    expect(await pullgate('check nginx --as eve')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('eve'),
    });
  });

  test('a claimed namespace opens, and closes when it is given up', async () => {
    await json('namespace claim docker.io/acme');
    expect(await json('namespace list')).toEqual([
      { namespace: 'docker.io/acme', claimedAt: expect.any(String), claimedBy: 'root' },
    ]);
    expect(await json('check acme/web --as bob')).toMatchObject({
      rule: 'organization-image',
      category: 'organization',
    });
    await json('namespace release acme');
    expect(await json('namespace list')).toEqual([]);
    expect((await pullgate('check acme/web --as bob')).code).toBe(3);
  });
});

describe('member', () => {
  beforeEach(async () => {
    await json('init --org acme --owner alice');
  });

  test('add makes somebody new known, and says what they need', async () => {
    const { out, err } = await pullgate('member add bob --role editor --email bob@acme.example');
    expect(out).toBe('bob is a member of acme now, as editor.\n');
    expect(err).toBe('bob is new here and needs a token: pullgate token create --user bob\n');
    const { out: listed } = await pullgate('member list');
    expect(listed).toMatch(/^bob +bob +bob@acme.example +editor +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +active$/m);
  });

  test('role and remove', async () => {
    await json('member add bob');
    expect(await json('member role bob owner')).toEqual({ organization: 'acme', username: 'bob', role: 'owner' });
    await json('member remove alice');
    expect(await json('member list')).toEqual([expect.objectContaining({ username: 'bob', role: 'owner' })]);
  });

  test('an e-mail address is for whoever is new: it is not dropped without a word', async () => {
    const sentence = 'pullgate: alice is here already. Leave --email out: it is for new people.\n';
    expect(await says('member add alice --email a@acme.example')).toBe(sentence);
    expect(await says('init --org other --owner alice --email a@acme.example')).toBe(sentence);
    expect(await json('member list')).toHaveLength(1);
  });

  test('whoever is a member already gets another role by another command', async () => {
    await json('member add bob');
    expect(await says('member add bob --role owner')).toBe(
      'pullgate: bob is a member of acme already. Change the role instead: pullgate member role bob owner --org acme\n',
    );
  });

  test('the last owner stays', async () => {
    expect(await says('member remove alice')).toContain(
      'alice is the last owner of acme. Make somebody else an owner first.',
    );
  });
});

describe('token', () => {
  beforeEach(async () => {
    await json('init --org acme --owner alice');
  });

  test('the secret alone goes to stdout', async () => {
    const { out, err } = await pullgate('token create --user alice --label laptop');
    expect(out.trim()).toMatch(patShape);
    expect(err).toContain('The token on stdout is shown this once, and good for ever.');
    expect(err).toContain('Sign in with the user name alice');
    expect(err).not.toContain(out.trim());
  });

  test('--quiet says nothing else', async () => {
    expect(await pullgate('token create --user alice --quiet')).toEqual({
      code: 0,
      out: expect.stringMatching(/^pgp_[0-9A-Za-z]{36}\n$/),
      err: '',
    });
  });

  test('a personal token is listed without its secret, and revoked', async () => {
    const made = await json('token create --user alice --label laptop --scope repo:public_read --expires 12h');
    expect(Date.parse(made.expiresAt)).toBeGreaterThan(Date.now());
    const { out } = await pullgate('token list --user alice');
    expect(out).toMatch(new RegExp(`^${made.id} +laptop +repo:public_read +active +never +\\d{4}-`, 'm'));
    expect(out).not.toContain(made.token);
    await json(`token revoke ${made.id} --user alice`);
    expect(await json('token list --user alice')).toHaveLength(1);
    expect(await says(`token revoke ${made.id} --user alice`)).toContain('There is no such access token');
  });

  test("an organization's token names what it may pull", async () => {
    expect(await says('token create --org acme')).toContain('Say what the token may pull');
    expect(await says('token create --org acme --scope repo:read --resource acme/*')).toContain(
      '--scope limits a token of a person.',
    );
    const made = await json('token create --org acme --label ci --resource acme/* acme/web');
    expect(made.token).toMatch(/^pgo_[0-9A-Za-z]{36}$/);
    expect(await json('token list --org acme')).toEqual([
      expect.objectContaining({
        id: made.id,
        resources: [
          { type: 'TYPE_REPO', path: 'acme/*', scopes: ['scope-image-pull'] },
          { type: 'TYPE_REPO', path: 'acme/web', scopes: ['scope-image-pull'] },
        ],
      }),
    ]);
    await json(`token revoke ${made.id} --org acme`);
    expect(await json('token list --org acme')).toEqual([]);
  });

  test("an organization's token is refused at every pull while image access management is on", async () => {
    const line = 'token create --org acme --label ci --resource acme/*';
    expect((await pullgate(line)).err).not.toContain('refuse');
    await json('policy set --enable');
    const { code, err } = await pullgate(line);
    expect([code, err]).toEqual([0, expect.stringContaining('\nImage access management of acme is on: ')]);
    expect(err).toContain('pullgate token create --user <username>');
    expect((await pullgate(`${line} --quiet`)).err).toBe('');
    expect((await pullgate('token create --user alice')).err).not.toContain('refuse');
  });

  test('a token is revoked only under the one whose it is', async () => {
    await json('member add bob');
    const { id } = await json('token create --user alice');
    expect(await says(`token revoke ${id} --user bob`)).not.toBe('');
    expect(await json('token list --user alice')).toHaveLength(2);
  });
});

test.each(['pulls list', 'pulls export', 'pulls statistics', 'activity list'])(
  '%s has no span that ends before it begins',
  async (line) => {
    await json('init --org acme --owner alice');
    const err = 'pullgate: --from is later than --to.\n';
    expect(await pullgate(`${line} --from 1d --to 7d`)).toEqual({ code: 2, out: '', err });
  },
);

test('statistics from a time to come have no span, since they end now', async () => {
  await json('init --org acme --owner alice');
  const { code, err } = await pullgate('pulls statistics --from 2099-01-01');
  expect([code, err]).toEqual([2, 'pullgate: --from is later than --to.\n']);
});

describe('what is not there is told with what is', () => {
  beforeEach(async () => {
    await json('init --org acme --owner alice');
    await json('init --org beta --owner alice');
  });

  test.each([
    ['policy show --org amce', 'There is no organization named "amce". Those that there are: acme, beta.'],
    ['token list --org amce', 'There is no organization named "amce". Those that there are: acme, beta.'],
    ['pulls list --org amce', 'There is no organization named "amce". Those that there are: acme, beta.'],
    ['pulls export --org amce', 'There is no organization named "amce". Those that there are: acme, beta.'],
    ['activity export --org amce', 'There is no organization named "amce". Those that there are: acme, beta.'],
    ['check nginx --as bobb', 'There is no person with the user name "bobb". See pullgate member list'],
    ['token create --user bobb', 'There is no person with the user name "bobb". See pullgate member list'],
    ['member role bobb owner --org acme', 'The member "bobb" was not found in acme. See pullgate member list'],
    [
      'token revoke 1 --user alice',
      'There is no such access token. See pullgate token list, with the same --user or --org',
    ],
    [
      'token revoke 1 --org acme',
      'acme has no such access token. See pullgate token list, with the same --user or --org',
    ],
  ])('%s', async (line, sentence) => {
    expect(await says(line)).toBe(`pullgate: ${sentence}\n`);
  });
});

test('check takes an image as it is pulled through the gate', async () => {
  await json('init --org acme --owner alice');
  const checked = await json('check localhost:5050/library/alpine:3 --as alice');
  expect(checked).toMatchObject({ image: 'docker.io/library/alpine:3', verdict: 'allow' });
});

test('a command beside a running gate promises what holds there: within a second, not from the next request', async () => {
  await json('init --org acme --owner alice');
  const { id } = await json('token create --user alice');
  expect((await pullgate(`token revoke ${id} --user alice`)).out).toContain('within a second');
  for (const command of ['token revoke', 'member remove', 'namespace release', 'policy set']) {
    const { out } = await pullgate(`${command} --help`);
    expect(out).toContain('ithin a second');
    expect(out).not.toMatch(/next (?:request|pull)/);
  }
});

test('who ran a command is in the activity of the policy', async () => {
  await json('init --org acme --owner alice');
  expect(await json('policy set --enable')).toMatchObject({ changedBy: 'root' });
});

test('without pulls, tail says so and ends', async () => {
  await json('init --org acme --owner alice');
  const none = 'Nothing was pulled like this yet.\n';
  expect(await pullgate('pulls tail --no-follow')).toEqual({ code: 0, out: '', err: none });
  expect(await pullgate('pulls tail --no-follow --lines 0')).toEqual({ code: 0, out: '', err: '' });
});
