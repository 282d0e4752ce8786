import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Configuration, type Gate, loadConfiguration, openInstallation, startGate } from '../../src/index.ts';
import { type PostgresServer, password, startPostgres } from '../database/postgres-server.ts';
import { type Account, actor, basic, openSmallWorld, repositories, type SmallWorld } from './small-world.ts';

// Two gates share a database. What one is told to change is in force on the other.

const community = `/v2/${repositories.community}/manifests/latest`;
const official = `/v2/${repositories.official}/manifests/latest`;
/** A change counts within a second; a machine with much else to do may need longer to ask. */
const waiting = { timeout: 20_000, interval: 20 };

describe('several nodes', { timeout: 60_000 }, () => {
  let server: PostgresServer;
  let world: SmallWorld;
  let elsewhere: Configuration;
  let other: Gate;
  let owner: Account;

  beforeAll(async () => {
    server = await startPostgres();
    const env = { PULLGATE_DATABASE_PASSWORD: password };
    const settings = `url: http://gate.test
database: { url: 'postgres://pullgate@127.0.0.1:${server.port}/postgres' }
`;
    world = await openSmallWorld({ settings, env });
    const { file, folder } = { file: world.configuration.file, folder: world.folder };
    elsewhere = loadConfiguration({ file, env: { ...env, PULLGATE_DATA: join(folder, 'other') }, cwd: folder });
    other = await startGate(elsewhere);
    owner = await world.addAccount('otto', { organization: 'acme', role: 'owner' }, ['repo:admin']);
    await world.settle(async () => (await pull(other, owner, official)).status === 200);
  }, 120_000);

  afterAll(async () => {
    await other?.close();
    await world?.close();
    await server?.close();
  }, 60_000);

  async function ask(gate: Gate, target: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${gate.port}${target}`, init);
  }

  async function tokenFrom(gate: Gate, account: Account, target: string): Promise<string> {
    const scope = `repository:${target.split('/').slice(2, -2).join('/')}:pull`;
    const headers = { authorization: basic(account) };
    const answer = await ask(gate, `/token?service=gate.test&scope=${scope}`, { headers });
    if (answer.status !== 200) return '';
    const { token } = (await answer.json()) as { token: string };
    return token;
  }

  async function pull(gate: Gate, account: Account, target: string): Promise<Response> {
    return ask(gate, target, { headers: { authorization: `Bearer ${await tokenFrom(gate, account, target)}` } });
  }

  /** As an owner does, over HTTP. */
  async function changeSettings(gate: Gate, images: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ identifier: owner.username, secret: owner.pat });
    const signedIn = await ask(gate, '/v2/auth/token', { method: 'POST', headers, body });
    const { access_token } = (await signedIn.json()) as { access_token: string };
    const changed = await ask(gate, '/v2/orgs/acme/settings', {
      method: 'PUT',
      headers: { ...headers, authorization: `Bearer ${access_token}` },
      body: JSON.stringify({ restricted_images: images }),
    });
    expect([changed.status, await changed.text()]).toEqual([200, expect.any(String)]);
  }

  async function refusedManifests(): Promise<number> {
    const { records } = await world.pulls.latest(1000, { verdict: 'deny', repository: 'docker.io/somebody/miner' });
    return records.filter(({ operation }) => operation === 'manifest').length;
  }

  it('take a token that another one gave', async () => {
    const token = await tokenFrom(world.gate, world.member, official);
    const answer = await ask(other, official, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
  });

  it('refuse what was refused on another one', async () => {
    const token = await tokenFrom(other, world.member, official);
    const again = () => ask(other, official, { headers: { authorization: `Bearer ${token}` } });
    expect((await again()).status).toBe(200);
    const images = { enabled: true, allow_official_images: false, allow_verified_publishers: true };
    await changeSettings(world.gate, images);
    await expect.poll(async () => (await again()).status, waiting).toBe(403);
    await changeSettings(other, { ...images, allow_official_images: true });
    expect((await again()).status).toBe(200);
    await expect.poll(async () => (await pull(world.gate, world.member, official)).status, waiting).toBe(200);
  });

  it('stop a token that was revoked on another one, and all that it was given', async () => {
    const account = await world.addAccount('mona', { organization: 'acme', role: 'member' });
    await expect.poll(async () => (await pull(other, account, official)).status, waiting).toBe(200);
    const given = await tokenFrom(other, account, official);
    await world.administration.personalTokens.revoke('mona', account.tokenId, actor);
    const again = () => ask(other, official, { headers: { authorization: `Bearer ${given}` } });
    await expect.poll(async () => (await again()).status, waiting).toBe(401);
    expect(await tokenFrom(other, account, official)).toBe('');
  });

  it('keep a chain of pull records each, and everybody reads all of them', async () => {
    await pull(world.gate, world.member, community);
    await pull(other, world.member, community);
    await expect.poll(refusedManifests, waiting).toBe(2);
    const installation = await openInstallation(elsewhere);
    try {
      const { records, broken } = await installation.verifyPulls();
      expect(records).toBeGreaterThan(4);
      expect(broken).toEqual([]);
    } finally {
      await installation.close();
    }
  });

  it('have one activity log, whole, whoever made the changes', async () => {
    expect(await world.administration.activity.verify()).toMatchObject({ intact: true });
  });

  it('go on while the database is away, tell that they cannot be changed, and catch up', async () => {
    await server.stop();
    try {
      expect((await pull(other, world.member, official)).status).toBe(200);
      expect((await pull(other, world.member, community)).status).toBe(403);
      await expect.poll(async () => (await ask(other, '/readyz')).status, waiting).toBe(503);
      await expect(world.setPolicy('acme', { enabled: false })).rejects.toThrow(
        /The database postgres:\/\/pullgate@127\.0\.0\.1:\d+\/postgres cannot be reached: nothing listens there/,
      );
    } finally {
      await server.start();
    }
    await expect.poll(async () => (await ask(other, '/readyz')).status, waiting).toBe(200);
    await world.setPolicy('acme', {
      allow: { official: true, 'verified-publisher': true, 'sponsored-oss': true, community: true },
    });
    await expect.poll(async () => (await pull(other, world.member, community)).status, waiting).toBe(200);
    await expect.poll(refusedManifests, waiting).toBeGreaterThanOrEqual(3);
  });
});
