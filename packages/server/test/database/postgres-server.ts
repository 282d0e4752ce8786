import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

/** Where a server listens: a Unix socket that asks for nothing, and TCP on loopback that asks for `password`. */
export interface PostgresAddress {
  readonly socketFolder: string;
  readonly port: number;
}

export interface PostgresServer extends PostgresAddress {
  /** Runs one statement as the administrator. */
  execute(statement: string): Promise<void>;
  start(): Promise<void>;
  /** As a crash does: nobody is waited for. */
  stop(): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

export interface PostgresServerOptions {
  /** PEM. Without it the server speaks no TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export const user = 'pullgate';
/** Of `user`, over TCP. */
export const password = 'correct horse battery staple';

const programs = '/usr/lib/postgresql';
const debianUser = 'postgres';
const startTimeout = 60_000; // ms

/**
 * A real PostgreSQL server of Debian's package `postgresql`, with data of its own, for as long as the tests run.
 *
 * @throws Error when it is not installed
 */
export async function startPostgres({ tls }: PostgresServerOptions = {}): Promise<PostgresServer> {
  const bin = newestBin();
  const account = accountForServer();
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-postgres-'));
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    if (account.uid !== undefined) chownSync(file, account.uid, account.gid ?? 0);
    return file;
  };
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid ?? 0);
  const data = join(folder, 'data');
  // A language's order of letters, as servers have it by default: nothing may depend on the order of bytes.
  const locale = ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US', '--locale=C.UTF-8'];
  const access = ['--auth-local=trust', '--auth-host=scram-sha-256', `--pwfile=${write('password', password)}`];
  const initdb = [`--pgdata=${data}`, `--username=${user}`, '--no-sync', '--no-instructions', ...locale, ...access];
  execFileSync(join(bin, 'initdb'), initdb, { ...account, stdio: 'pipe' });

  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    max_connections: '200',
    shared_buffers: '32MB',
    // The data is gone afterwards, and small.
    fsync: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    autovacuum: 'off',
    jit: 'off',
    ...(tls && { ssl: 'on', ssl_cert_file: write('server.crt', tls.cert), ssl_key_file: write('server.key', tls.key) }),
  };
  const command = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  let running: ChildProcess | undefined;

  async function start(): Promise<void> {
    const child = spawn(join(bin, 'postgres'), command, { ...account, stdio: ['ignore', 'ignore', 'pipe'] });
    running = child;
    process.once('exit', killWithUs);
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000);
    });
    const deadline = Date.now() + startTimeout;
    while (!(await answers())) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}:\n${log}`);
      if (Date.now() > deadline) throw new Error(`PostgreSQL does not answer:\n${log}`);
      await delay(50);
    }
  }

  function killWithUs(): void {
    running?.kill('SIGQUIT');
  }

  async function stop(): Promise<void> {
    process.off('exit', killWithUs);
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGQUIT');
    await exited;
  }

  async function execute(statement: string): Promise<void> {
    const client = new Client({ host: folder, port, user, database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  const answers = () =>
    execute('select 1').then(
      () => true,
      () => false,
    );

  const close = async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return { socketFolder: folder, port, execute, start, stop, close };
}

function newestBin(): string {
  const versions = existsSync(programs) ? readdirSync(programs).toSorted((a, b) => Number(b) - Number(a)) : [];
  const bin = versions
    .map((version) => join(programs, version, 'bin'))
    .find((path) => existsSync(join(path, 'initdb')));
  if (bin !== undefined) return bin;
  throw new Error(`These tests need PostgreSQL, and there is none in ${programs}: apt-get install postgresql`);
}

/** PostgreSQL does not run as root: then it is run as the account that Debian's package made. */
function accountForServer(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [, uid, gid] =
    new RegExp(`^${debianUser}:[^:]*:(\\d+):(\\d+):`, 'm').exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
  if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  throw new Error(`PostgreSQL does not run as root, and there is no account ${debianUser}: apt-get install postgresql`);
}

/** PostgreSQL takes no 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  return address.port;
}
