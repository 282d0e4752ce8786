import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@pullgate/small-registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/database/postgres.ts';
import type { PostgresLocation } from '../../src/database/postgres-location.ts';
import { type PostgresServer, password, startPostgres } from './postgres-server.ts';
import { postgresLocation } from './test-database.ts';

describe('a connection with TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-tls-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const certificate = selfSignedCertificate(['127.0.0.1']);
  const ca = file('ca.crt', certificate.cert);
  const strangers = file('other.crt', selfSignedCertificate(['127.0.0.1']).cert);
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ tls: certificate });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const at = (host: string, authority: string | undefined): PostgresLocation => ({
    ...postgresLocation(server, 'postgres'),
    host,
    password,
    tls: { ca: authority, client: undefined },
  });

  it('is encrypted, and its server verified', async () => {
    const database = await openPostgres(at('127.0.0.1', ca));
    try {
      const { rows } = await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(database);
      expect(rows).toEqual([{ ssl: true }]);
    } finally {
      await database.destroy();
    }
  });

  it.each([
    ['of an authority that nobody knows', '127.0.0.1', undefined],
    ['of another authority', '127.0.0.1', strangers],
    ['for another name', 'localhost', ca],
  ])('is refused when the certificate is %s', async (_what, host, authority) => {
    await expect(openPostgres(at(host, authority))).rejects.toThrow(
      /its certificate is not trusted .*Put its authority into database\.tls\.ca/,
    );
  });
});
