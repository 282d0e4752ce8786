import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import {
  type Actor,
  type Installation,
  loadConfiguration,
  openInstallation,
  type PullRecord,
} from '../../src/index.ts';
import type { DockerHub } from './docker-hub.ts';
import { environment } from './run.ts';
import { startService } from './service.ts';

/** Somebody who signs in. */
export interface Account {
  readonly username: string;
  /** A personal access token. */
  readonly token: string;
}

/** A gate of the organization acme, in a process of its own. What is changed here, it learns from its database. */
export interface RunningGate {
  /** As a client names it in front of an image. */
  readonly host: string;
  readonly url: string;
  readonly owner: Account;
  readonly member: Account;
  /** Asks the running gate's API as the owner, with a personal access token. Throws what it answers unless that is good. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T>;
  createToken(username: string): Promise<Account & { readonly id: string }>;
  revokeToken(username: string, id: string): Promise<void>;
  /** The newest decisions. They appear about a second late. */
  pulls(): Promise<readonly PullRecord[]>;
  log(): string;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../../../cli/bin/pullgate.js', import.meta.url));
const actor: Actor = { kind: 'command-line', name: 'root' };

export async function startRunningGate(parent: string, dockerHub: DockerHub): Promise<RunningGate> {
  const folder = join(parent, 'gate');
  await mkdir(folder);
  const file = await configure(folder, dockerHub);
  const installation = await openInstallation(loadConfiguration({ file, env: {}, cwd: folder }));
  const { administration, pulls } = installation;
  const createToken = async (username: string, scope: 'repo:read' | 'repo:admin' = 'repo:read') => {
    const token = { label: 'container client', scopes: [scope] };
    const issued = await administration.personalTokens.create(username, token, actor);
    return { username, token: issued.secret, id: issued.token.id };
  };
  try {
    await found(installation);
    const [owner, member] = [await createToken('alice'), await createToken('bob')];
    const service = await startService({
      name: 'pullgate',
      command: [process.execPath, program, 'serve', '--config', file],
      env: environment(folder),
      isReady: (log) => urlIn(log) !== undefined,
    });
    const url = urlIn(service.log()) ?? '';
    return {
      url,
      host: new URL(url).host,
      owner,
      member,
      createToken,
      ask: await signInToApi(url, (await createToken('alice', 'repo:admin')).token),
      revokeToken: (username, id) => administration.personalTokens.revoke(username, id, actor),
      pulls: async () => (await pulls.latest(1000)).records,
      log: service.log,
      async stop() {
        await service.stop();
        await installation.close();
      },
    };
  } catch (error) {
    await installation.close();
    throw error;
  }
}

/** JSON is YAML. Tags are asked for upstream each time, so that a stopped upstream is noticed. */
async function configure(folder: string, { registryUrl, apiUrl }: DockerHub): Promise<string> {
  const file = join(folder, 'pullgate.yaml');
  const settings = {
    url: 'http://127.0.0.1:0',
    listen: { host: '127.0.0.1', port: 0 },
    data: 'data',
    upstreams: { 'docker.io': { url: registryUrl, allow_http: true, allow_private_addresses: true } },
    hub: { url: apiUrl },
    cache: { tag_ttl: '0s' },
  };
  await writeFile(file, JSON.stringify(settings));
  return file;
}

/** Alice owns acme and bob is a member; acme owns docker.io/acme and manages image access as Docker does by default. */
async function found({ administration }: Installation): Promise<void> {
  const { people, organizations, members, namespaces, policies } = administration;
  await organizations.create({ name: 'acme' }, actor);
  for (const [username, role] of [
    ['alice', 'owner'],
    ['bob', 'member'],
  ] as const) {
    await people.create({ username }, actor);
    await members.add('acme', { username, role }, actor);
  }
  await namespaces.claim('acme', { registry: 'docker.io', namespace: 'acme' }, actor);
  const { policy, version } = await policies.current('acme');
  await policies.set('acme', { policy: { ...policy, enabled: true }, expectedVersion: version }, actor);
}

/** The running gate may need a moment to learn of the token. */
async function signInToApi(url: string, secret: string): Promise<RunningGate['ask']> {
  const send = (method: string, path: string, body?: unknown, bearer?: string) =>
    fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const bearer = await vi.waitFor(async () => {
    const answer = await send('POST', '/v2/auth/token', { identifier: 'alice', secret });
    const { access_token } = (await answer.json()) as { access_token?: string };
    if (access_token === undefined) throw new Error(`alice cannot sign in to the API: ${answer.status}`);
    return access_token;
  }, 30_000);
  return async <T>(method: string, path: string, body?: unknown) => {
    const answer = await send(method, path, body, bearer);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
}

/** What `serve` tells the person who started it. */
function urlIn(log: string): string | undefined {
  return /^Pullgate is ready at (?<url>\S+)/m.exec(log)?.groups?.['url'];
}
