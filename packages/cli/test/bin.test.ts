import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run } from '../src/program.ts';
import { capturingShell } from './capturing-shell.ts';

// The program itself, as people run it: a gate, and commands beside it on the same data.

const program = fileURLToPath(new URL('../bin/pullgate.js', import.meta.url));

let cwd: string;
let gate: ChildProcess;
let url: string;
let said = '';

/** Long, because a busy machine is slow to start a process: nothing here measures time. */
const patience = { timeout: 120_000, interval: 50 };

beforeAll(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'pullgate-bin-'));
  gate = start('serve');
  gate.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  gate.stdout?.resume();
  url = await vi.waitFor(() => {
    const ready = /Pullgate is ready at (http:\S+)/.exec(said)?.[1];
    if (ready === undefined) throw new Error(`it said only: ${said}`);
    return ready;
  }, patience);
}, patience.timeout);

afterAll(async () => {
  if (gate.exitCode === null && gate.signalCode === null) {
    gate.kill('SIGKILL');
    await once(gate, 'exit');
  }
  rmSync(cwd, { recursive: true });
});

/** Nobody answers on port 1, so that nothing asks the real Docker Hub. */
const env = { PULLGATE_HUB_URL: 'http://127.0.0.1:1' };

function start(...argv: string[]): ChildProcess {
  return spawn(process.execPath, [program, ...argv], {
    cwd,
    env: { ...env, PATH: process.env['PATH'], PULLGATE_PORT: '0', XDG_CONFIG_HOME: cwd, npm_execpath: 'npm' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** A command in this process: the same, and quicker. */
async function pullgate(...argv: string[]) {
  const shell = capturingShell({ cwd, env });
  expect([await run(argv, shell), shell.stderr.text]).toEqual([0, expect.any(String)]);
  return shell.stdout.text;
}

test(
  'from an empty folder to a pull that is refused',
  async () => {
    expect(said).toContain('npx pullgate init --org acme --owner alice');

    const init = await ended(start('init', '--org', 'acme', '--owner', 'alice', '--json'));
    expect(init).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(init.out)).toMatchObject({ organization: 'acme', owner: 'alice' });

    await pullgate('member', 'add', 'bob');
    const secret = (await pullgate('token', 'create', '--user', 'bob', '--quiet')).trim();
    await pullgate('policy', 'set', '--enable');

    const tail = capturingShell({ cwd, env });
    const tailed = run(['pulls', 'tail', '--json', '--verdict', 'deny'], tail);

    // The gate takes in what the commands wrote by itself.
    const refusal = await vi.waitFor(async () => {
      const answer = await pull(url, 'evil/miner', 'bob', secret);
      if (answer.status !== 403) throw new Error(`${answer.status} ${await answer.text()}`);
      return answer.text();
    }, patience);
    expect(refusal).toContain('docker.io/evil/miner');
    const id = /\/d\/(\w+)/.exec(refusal)?.[1];

    const record = await vi.waitFor(() => {
      const line = tail.stdout.text.split('\n').find((one) => one.includes('docker.io/evil/miner'));
      return JSON.parse(line ?? '');
    }, patience);
    expect(record).toMatchObject({ verdict: 'deny', person: 'bob', rule: 'category', category: 'community' });
    tail.interrupt();
    expect(await tailed).toBe(0);

    const newest = await pullgate('pulls', 'tail', '--no-follow', '--lines', '1');
    expect(newest).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}refuse {2}\S+ {2}bob .* community, category .*127\.0\.0\.1 {2}docker\.io\/evil\/miner\S*\n$/,
    );

    expect(id).toBeDefined();
    expect(await pullgate('pulls', 'list')).toContain(`  refuse  ${id}  bob  `);

    const check = await ended(start('check', 'evil/miner', '--as', 'bob'));
    expect(check).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^\nDocker Hub did not tell/),
      out: expect.stringContaining('refused'),
    });
  },
  patience.timeout,
);

test(
  'signs in with a token in a pipe, and asks the gate as any other machine would',
  async () => {
    const token = await pullgate('token', 'create', '--user', 'alice', '--scope', 'repo:admin', '--quiet');
    await vi.waitFor(async () => {
      const login = start('login', '--url', url, '--username', 'alice', '--token-stdin');
      login.stdin?.end(token);
      expect(await ended(login)).toMatchObject({ code: 0, out: `Signed in to ${url} as alice\n` });
    }, patience);
    expect(statSync(path.join(cwd, 'pullgate', 'sign-in.json')).mode & 0o777).toBe(0o600);

    const added = start('api', 'teams', 'create', '--org', 'acme', '--body', '-', '--json');
    added.stdin?.end('{"name":"from-a-pipe"}');
    expect(JSON.parse((await ended(added)).out)).toMatchObject({ name: 'from-a-pipe' });
    const members = await ended(start('api', 'members', 'export', '--org', 'acme'));
    expect(members).toMatchObject({ code: 0, err: '', out: expect.stringContaining('bob') });
    expect(await ended(start('api', 'teams', 'get', 'nobody', '--org', 'acme'))).toMatchObject({ code: 6, out: '' });
    expect(await ended(start('logout'))).toMatchObject({ code: 0 });
    expect(await ended(start('api', 'teams', 'list', '--org', 'acme'))).toMatchObject({ code: 4, out: '' });
  },
  patience.timeout,
);

test(
  'a second gate on the same port says what to do',
  async () => {
    const { port } = new URL(url);
    const shell = capturingShell({ cwd, env: { ...env, PULLGATE_PORT: port } });
    expect(await run(['serve'], shell)).toBe(1);
    expect(shell.stderr.text).toContain(`Port ${port} is in use.`);
  },
  patience.timeout,
);

test(
  'SIGTERM ends the gate in order',
  async () => {
    gate.kill('SIGTERM');
    expect(await once(gate, 'exit')).toEqual([0, null]);
    expect(said).toContain('Pullgate lets running pulls end, for 10 s at most.');
  },
  patience.timeout,
);

async function ended(child: ChildProcess) {
  if (!child.stdout || !child.stderr) throw new Error('it has no output');
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, err };
}

/** What `docker pull` does: asks for a registry token with name and password, then for the manifest with it. */
async function pull(url: string, repository: string, username: string, password: string): Promise<Response> {
  const manifest = `${url}/v2/${repository}/manifests/latest`;
  const challenge = (await fetch(manifest)).headers.get('www-authenticate') ?? '';
  const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const query = new URLSearchParams({ service: part('service'), scope: part('scope') });
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const answer = await fetch(`${part('realm')}?${query}`, { headers: { authorization } });
  const { token } = (await answer.json()) as { token: string };
  return fetch(manifest, { headers: { authorization: `Bearer ${token}` } });
}
