import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { selfSignedCertificate } from '@pullgate/small-registry';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { run } from '../../src/program.ts';
import { capturingShell } from '../capturing-shell.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'pullgate-cli-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

async function check(...argv: string[]) {
  const shell = capturingShell({ cwd });
  const code = await run(['config', 'check', ...argv], shell);
  return { code, out: shell.stdout.text, err: shell.stderr.text };
}

test('no file is fine', async () => {
  const { code, out } = await check();
  expect(code).toBe(0);
  expect(out).toContain('none: defaults and environment');
  expect(out).toContain(`${path.join(cwd, 'data')}, which will be made`);
  expect(out).toContain('categories from https://hub.docker.com');
  expect(out).toContain('docker.io from https://registry-1.docker.io without signing in');
});

test('says who it signs in as, and never with what', async () => {
  writeFileSync(path.join(cwd, 'secret'), 'hunter2');
  writeFileSync(
    path.join(cwd, 'pullgate.yaml'),
    `upstreams:
  docker.io:
    username: mirror
    password: { file: secret }
    aliases: [hub.acme.example]
    organizations: { acme: { username: acme-puller, password: { file: secret } } }
`,
  );
  const { out } = await check('--json');
  expect(JSON.parse(out).findings).toContainEqual({
    subject: 'upstream',
    ok: true,
    message:
      'docker.io from https://registry-1.docker.io as mirror, as acme for their own images, also under hub.acme.example',
  });
  expect(out).not.toContain('hunter2');
});

test('says which database, and never the password', async () => {
  writeFileSync(path.join(cwd, 'secret'), 'hunter2');
  const database = 'database: { url: postgres://gate@db.example/state, password: { file: secret } }';
  writeFileSync(path.join(cwd, 'pullgate.yaml'), database);
  const { out } = await check();
  expect(out).toContain('PostgreSQL state on db.example port 5432 as gate, with TLS');
  expect(out).not.toContain('hunter2');
});

test('a mistake in the file is shown at its place', async () => {
  writeFileSync(path.join(cwd, 'gate.yaml'), 'listen:\n  prot: 1\n');
  expect(await check('--config', 'gate.yaml')).toEqual({
    code: 1,
    out: '',
    err: 'pullgate: the configuration cannot be used:\ngate.yaml:2:3: listen.prot: expected port (did you mean that?), found a setting that does not exist\n',
  });
});

test('and by --json in its parts, for what reads it', async () => {
  writeFileSync(path.join(cwd, 'gate.yaml'), 'listen:\n  prot: 1\nurl: gate.example\n');
  const { code, out, err } = await check('--config', 'gate.yaml', '--json');
  expect([code, err]).toEqual([1, '']);
  expect(JSON.parse(out)).toEqual({
    ok: false,
    findings: [
      {
        subject: 'file',
        ok: false,
        message:
          'gate.yaml:3:6: url: expected an http or https address without path, such as https://gate.example, found "gate.example"',
      },
      {
        subject: 'file',
        ok: false,
        message: 'gate.yaml:2:3: listen.prot: expected port (did you mean that?), found a setting that does not exist',
      },
    ],
  });
});

test('a certificate that cannot be used is found', async () => {
  writeFileSync(path.join(cwd, 'pullgate.yaml'), 'tls: { certificate: cert.pem, key: key.pem }');
  const missing = await check();
  expect([missing.code, missing.out]).toEqual([1, expect.stringContaining('ENOENT')]);
  writeFileSync(path.join(cwd, 'cert.pem'), 'x');
  writeFileSync(path.join(cwd, 'key.pem'), 'x');
  const { code, out } = await check('--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ ok: false });
});

describe('a certificate that clients would refuse is found', () => {
  function configure(names: readonly string[], rest = ''): void {
    const { cert, key } = selfSignedCertificate(names);
    writeFileSync(path.join(cwd, 'cert.pem'), cert);
    writeFileSync(path.join(cwd, 'key.pem'), key);
    const text = `url: https://gate.example\ntls: { certificate: cert.pem, key: key.pem }\n${rest}`;
    writeFileSync(path.join(cwd, 'pullgate.yaml'), text);
  }
  const aliases = 'upstreams: { ghcr.io: { aliases: [ghcr.gate.example] } }\n';

  afterEach(() => {
    vi.useRealTimers();
  });

  test('one for every name is fine', async () => {
    configure(['gate.example', '*.gate.example'], aliases);
    expect(await check()).toMatchObject({ code: 0, out: expect.not.stringContaining('it ') });
  });

  test.each([
    [['other.example'], '', 'it is not for gate.example'],
    [['gate.example'], aliases, 'it is not for ghcr.gate.example'],
  ])('of other names: %j', async (names, rest, mistake) => {
    configure(names, rest);
    expect(await check()).toMatchObject({ code: 1, out: expect.stringContaining(mistake) });
  });

  test('names are the affair of a proxy in front', async () => {
    configure(['other.example'], 'trusted_proxies: [127.0.0.1]\n');
    expect(await check()).toMatchObject({ code: 0 });
  });

  test.each([
    [48, 'it has expired'],
    [-48, 'it is not valid yet'],
  ])('at another time: in %i hours', async (hours, mistake) => {
    configure(['gate.example']);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * 3_600_000 });
    expect(await check()).toMatchObject({ code: 1, out: expect.stringContaining(mistake) });
  });
});

test('a file where the data folder should be is found', async () => {
  writeFileSync(path.join(cwd, 'data'), '');
  const { code, out } = await check();
  expect([code, out]).toEqual([1, expect.stringContaining('data is not a folder')]);
});

test('a public address without https comes with advice', async () => {
  writeFileSync(path.join(cwd, 'pullgate.yaml'), 'url: http://gate.acme.example');
  const { code, out } = await check();
  expect([code, out]).toEqual([0, expect.stringContaining('Docker wants https')]);
});

test.each([
  ['0.0.0.0', undefined, 1],
  ['0.0.0.0', 'http://127.0.0.1:5050', 1],
  ['::', 'http://[::1]:5050', 1],
  ['gate.acme.example', 'https://localhost', 1],
  ['0.0.0.0', 'https://gate.acme.example', 0],
  ['127.0.0.1', 'https://gate.acme.example', 0],
  ['::1', 'http://localhost:5050', 0],
])('listening on %s as %s ends with %i: tokens must be found from where clients are', async (host, url, code) => {
  writeFileSync(path.join(cwd, 'pullgate.yaml'), JSON.stringify({ listen: { host }, ...(url && { url }) }));
  const answer = await check('--json');
  expect(answer.code).toBe(code);
  const message = code === 0 ? expect.any(String) : expect.stringContaining('Set url to the address that they use.');
  expect(JSON.parse(answer.out).findings).toContainEqual({ subject: 'url', ok: code === 0, message });
});
