import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/configuration/configuration-error.ts';
import { type ConfigurationInput, loadConfiguration } from '../../src/configuration/load.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'pullgate-configuration-'));
  writeFileSync(path.join(cwd, 'password'), 'hunter2\n');
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function load(yaml: string, env: ConfigurationInput['env'] = {}) {
  writeFileSync(path.join(cwd, 'pullgate.yaml'), yaml);
  return loadConfiguration({ env, cwd }).database;
}

function complaintsOf(yaml: string, env: ConfigurationInput['env'] = {}): string[] {
  try {
    load(yaml, env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
  throw new Error('it was accepted');
}

test.each([
  ['nothing', ''],
  ['an empty section', 'database:\n'],
])('with %s the database is the embedded one', (_what, yaml) => {
  expect(load(yaml)).toBeUndefined();
});

test('an address is enough', () => {
  expect(load('database: { url: postgres://gate@db.example/pullgate }')).toEqual({
    host: 'db.example',
    port: 5432,
    user: 'gate',
    database: 'pullgate',
    password: undefined,
    connections: 10,
    statementTimeoutMs: 10_000,
    tls: { ca: undefined, client: undefined },
  });
});

test('everything can be set', () => {
  const database = load(`database:
  url: postgresql://gate@10.1.2.3:6432/the%20gate
  password: { file: password }
  connections: 40
  statement_timeout: 1m
  tls: { mode: verify, ca: ca.crt, certificate: gate.crt, key: /etc/gate.key }
`);
  expect(database).toMatchObject({
    host: '10.1.2.3',
    port: 6432,
    database: 'the gate',
    connections: 40,
    statementTimeoutMs: 60_000,
    tls: { ca: path.join(cwd, 'ca.crt'), client: { certificate: path.join(cwd, 'gate.crt'), key: '/etc/gate.key' } },
  });
  expect(database?.password?.reveal()).toBe('hunter2');
  expect([JSON.stringify(database), inspect(database)].join()).not.toContain('hunter2');
});

test('the environment can say it all', () => {
  const database = load('', {
    PULLGATE_DATABASE_URL: 'postgres://gate@db.example/pullgate',
    PULLGATE_DATABASE_PASSWORD: 'swordfish',
    PULLGATE_DATABASE_CA: 'ca.crt',
  });
  expect(database).toMatchObject({ host: 'db.example', tls: { ca: path.join(cwd, 'ca.crt') } });
  expect(database?.password?.reveal()).toBe('swordfish');
});

describe('the way there', () => {
  test.each([
    ['a host elsewhere', 'postgres://gate@db.example/pullgate', true],
    ['an address elsewhere', 'postgres://gate@10.0.0.1/pullgate', true],
    ['an IPv6 address elsewhere', 'postgres://gate@[2001:db8::1]/pullgate', true],
    ['what only begins like a loopback address', 'postgres://gate@127.example/pullgate', true],
    ['this machine by name', 'postgres://gate@localhost/pullgate', false],
    ['this machine', 'postgres://gate@127.0.0.2/pullgate', false],
    ['this machine by IPv6', 'postgres://gate@[::1]/pullgate', false],
    ['a Unix socket', 'postgres://gate@%2Fvar%2Frun%2Fpostgresql/pullgate', false],
  ])('to %s is encrypted or not, unless somebody says so: %s', (_what, url, encrypted) => {
    expect(load(`database: { url: '${url}' }`)?.tls !== undefined).toBe(encrypted);
    expect(load(`database: { url: '${url}', tls: { mode: verify } }`)?.tls).toBeDefined();
    expect(load(`database: { url: '${url}', tls: { mode: off } }`)?.tls).toBeUndefined();
  });

  test.each([
    ['postgres://gate@[2001:db8::1]:6432/pullgate', '2001:db8::1', 6432],
    ['postgres://gate@%2Fvar%2Frun%2Fpostgresql/pullgate', '/var/run/postgresql', 5432],
  ])('is read from %s', (url, host, port) => {
    expect(load(`database: { url: '${url}' }`)).toMatchObject({ host, port });
  });
});

describe('mistakes', () => {
  const address =
    'a PostgreSQL address without password and options, such as postgres://pullgate@db.example:5432/pullgate';

  test.each([
    ['a password in it', 'postgres://gate:hunter2@db.example/pullgate'],
    ['a password with a slash in it', 'postgres://gate:hun/ter2@db.example/pullgate'],
    ['options', 'postgres://gate@db.example/pullgate?sslmode=disable'],
    ['no account', 'postgres://db.example/pullgate'],
    ['no database', 'postgres://gate@db.example'],
    ['an empty database', 'postgres://gate@db.example/'],
    ['two databases', 'postgres://gate@db.example/a/b'],
    ['no host', 'postgres:///pullgate'],
    ['another kind of database', 'mysql://gate:hunter2@db.example/pullgate'],
    ['a NUL', 'postgres://gate@db.example/a%00b'],
    ['a broken escape', 'postgres://gate@db.example/a%zz'],
    ['a port that is none', 'postgres://gate@db.example:99999/pullgate'],
  ])('an address with %s is refused, and not shown', (_what, url) => {
    expect(complaintsOf(`database:\n  url: '${url}'\n`)).toEqual([
      `pullgate.yaml:2:8: database.url: expected ${address}, found a text (not shown)`,
    ]);
  });

  test.each<[string, string, string]>([
    [
      'a password without an address',
      'database: { password: { file: password } }',
      'pullgate.yaml:1:13: database.password: expected a url beside it, found none',
    ],
    [
      'a password that is not there',
      'database: { url: postgres://g@h/d, password: { env: DB_PASSWORD } }',
      'pullgate.yaml:1:46: database.password: expected the environment variable DB_PASSWORD to be set, found none',
    ],
    [
      'the password itself',
      'database: { url: postgres://g@h/d, password: hunter2 }',
      'pullgate.yaml:1:46: database.password: expected { file: /path } or { env: VARIABLE }, which say where the secret is kept, found a text (not shown)',
    ],
    [
      'half of an identity',
      'database: { url: postgres://g@h/d, tls: { certificate: c } }',
      'pullgate.yaml:1:43: database.tls.certificate: expected a key beside it, found none',
    ],
    [
      'the other half',
      'database: { url: postgres://g@h/d, tls: { key: k } }',
      'pullgate.yaml:1:43: database.tls.key: expected a certificate beside it, found none',
    ],
    [
      'a mode that does not exist',
      'database: { url: postgres://g@h/d, tls: { mode: prefer } }',
      'pullgate.yaml:1:49: database.tls.mode: expected one of verify, off, found "prefer"',
    ],
    [
      'no connections',
      'database: { url: postgres://g@h/d, connections: 1 }',
      'pullgate.yaml:1:49: database.connections: expected a whole number from 2 to 100, found 1',
    ],
  ])('%s', (_what, yaml, complaint) => {
    expect(complaintsOf(yaml)).toEqual([complaint]);
  });

  test('in the environment name the variable', () => {
    expect(complaintsOf('', { PULLGATE_DATABASE_URL: 'postgres://gate:hunter2@db.example/pullgate' })).toEqual([
      `PULLGATE_DATABASE_URL: database.url: expected ${address}, found a text (not shown)`,
    ]);
  });
});
