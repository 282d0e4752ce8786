import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildImage,
  type SmallHub,
  type SmallImage,
  type SmallRegistry,
  type SmallRegistryOptions,
  startSmallHub,
  startSmallRegistry,
} from '@pullgate/small-registry';
import {
  type Administration,
  type Configuration,
  type Gate,
  type Installation,
  loadConfiguration,
  openInstallation,
  type PersonalScope,
  type PullRecord,
  startGate,
} from '../../src/index.ts';
import type { Log } from '../../src/observe/log.ts';
import { databaseSettings } from '../database/test-database.ts';

/** What came over the wire, byte for byte. */
export interface WireAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface Account {
  readonly username: string;
  readonly pat: string;
  /** Id of the token. */
  readonly tokenId: string;
}

export interface WorldOptions {
  /** Further top-level settings of the configuration file. */
  readonly settings?: string;
  /** Further settings of the upstream `docker.io`, on one line. */
  readonly dockerHub?: string;
  /** Where the configuration finds its secrets. */
  readonly env?: Readonly<Record<string, string>>;
  /** How the registry behind the gate behaves. */
  readonly registry?: SmallRegistryOptions;
  readonly log?: Log;
}

type Role = 'owner' | 'editor' | 'member';

/**
 * A gate with a registry, a second registry and a hub behind it, all real and all on loopback: organization `acme`, with
 * Image Access Management on, claims `docker.io/acme`; `olivia` owns it, `max` is a member.
 */
export interface SmallWorld {
  readonly gate: Gate;
  readonly registry: SmallRegistry;
  /** Stands for `ghcr.io`. */
  readonly other: SmallRegistry;
  readonly hub: SmallHub;
  readonly administration: Administration;
  readonly pulls: Installation['pulls'];
  readonly configuration: Configuration;
  readonly folder: string;
  readonly images: Readonly<Record<string, SmallImage>>;
  readonly owner: Account;
  readonly member: Account;
  /** Sends a request with its target exactly as given. */
  ask(target: string, options?: Ask): Promise<WireAnswer>;
  /** Sends bytes on a connection of its own and gives everything that came until it ended, or until this came. */
  converse(bytes: string | Buffer, until?: RegExp): Promise<Buffer>;
  /** A registry token for the repositories, as the account or as nobody. */
  token(account: Account | undefined, ...names: string[]): Promise<string>;
  /** Asks with a fresh token for the repository that the target names. */
  pull(account: Account | undefined, target: string, options?: Ask): Promise<WireAnswer>;
  /** The running gate knows the account when this is done. */
  addAccount(
    username: string,
    membership?: { organization: string; role: Role },
    scopes?: readonly PersonalScope[],
  ): Promise<Account>;
  /** An organization access token; the account's name is the organization's. */
  addOrganizationToken(organization: string, ...paths: string[]): Promise<Account>;
  /** Changes some of an organization's policy. The running gate may not know it yet. */
  setPolicy(organization: string, change: Partial<Policy>): Promise<void>;
  /** Waits until the running gate has taken in what the administration changed. */
  settle(condition: () => Promise<boolean>): Promise<void>;
  /** Waits until a record is stored for which the condition holds. */
  recorded(condition: (record: PullRecord) => boolean): Promise<PullRecord>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export const actor = { kind: 'system', name: 'test' } as const;

export const repositories = {
  organization: 'acme/web',
  official: 'library/alpine',
  verified: 'northwind/agent',
  sponsored: 'librelab/tool',
  community: 'somebody/miner',
} as const;

export function basic({ username, pat }: Pick<Account, 'username' | 'pat'>): string {
  return `Basic ${Buffer.from(`${username}:${pat}`).toString('base64')}`;
}

/** Starting takes a second, and many on a machine that has much else to do. */
export const startTimeout = 60_000;

type Policy = Parameters<Administration['policies']['set']>[1]['policy'];

export async function openSmallWorld(options: WorldOptions = {}): Promise<SmallWorld> {
  const { settings = '', dockerHub = '', env = {}, log } = options;
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-world-'));
  const registry = await startSmallRegistry(options.registry);
  const other = await startSmallRegistry({});
  const hub = await startSmallHub({
    namespaces: { acme: '', northwind: 'verified_publisher', librelab: 'open_source', somebody: 'user' },
  });
  const images: Record<string, SmallImage> = {};
  for (const name of Object.values(repositories)) {
    const image = buildImage({
      files: { 'hello.txt': `hello from ${name}\n` },
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    images[name] = image;
    registry.add(name, image, ['latest']);
  }
  const database = await databaseSettings();
  const file = join(folder, 'pullgate.yaml');
  await writeFile(
    file,
    `listen: { port: 0 }
${settings.includes('database:') ? '' : database.settings}data: data
hub: { url: '${hub.url}' }
log: { level: silent }
upstreams:
  docker.io: { url: '${registry.url}', allow_http: true, allow_private_addresses: true, aliases: [hub.gate.test]${dockerHub && `, ${dockerHub}`} }
  ghcr.io: { url: '${other.url}', allow_http: true, allow_private_addresses: true, aliases: [ghcr.gate.test] }
${settings}`,
  );
  const configuration = loadConfiguration({ file, env, cwd: folder });
  const installation = await openInstallation(configuration);
  const { administration, pulls } = installation;
  await administration.organizations.create({ name: 'acme' }, actor);

  let gate: Gate | undefined;

  async function addAccount(
    username: string,
    membership?: { organization: string; role: Role },
    scopes: readonly PersonalScope[] = ['repo:read'],
  ): Promise<Account> {
    await administration.people.create({ username }, actor);
    if (membership)
      await administration.members.add(membership.organization, { username, role: membership.role }, actor);
    const { secret, token } = await administration.personalTokens.create(username, { label: 'test', scopes }, actor);
    const account = { username, pat: secret, tokenId: token.id };
    await known(account);
    return account;
  }

  async function addOrganizationToken(organization: string, ...paths: string[]): Promise<Account> {
    const resources = paths.map((path) => ({ type: 'TYPE_REPO' as const, path, scopes: ['scope-image-pull'] }));
    const { secret, token } = await administration.organizationTokens.create(
      organization,
      { label: paths.join(' '), resources },
      actor,
    );
    const account = { username: organization, pat: secret, tokenId: token.id };
    await known(account);
    return account;
  }

  async function known(account: Account): Promise<void> {
    if (!gate) return;
    await settle(async () => (await ask('/token', { headers: { authorization: basic(account) } })).status === 200);
  }

  async function setPolicy(organization: string, change: Partial<Policy>): Promise<void> {
    const { policy, version } = await administration.policies.current(organization);
    const update = { policy: { ...policy, ...change }, expectedVersion: version };
    await administration.policies.set(organization, update, actor);
  }

  const owner = await addAccount('olivia', { organization: 'acme', role: 'owner' });
  const member = await addAccount('max', { organization: 'acme', role: 'member' });
  await administration.namespaces.claim('acme', { registry: 'docker.io', namespace: 'acme' }, actor);
  await setPolicy('acme', { enabled: true });
  gate = await startGate(configuration, log);

  function running(): Gate {
    if (!gate) throw new Error('The gate is not running.');
    return gate;
  }

  async function settle(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error('The gate did not take the change in.');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  function ask(target: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        { host: '127.0.0.1', port: running().port, method, path: target, headers, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              reason: response.statusMessage ?? '',
              headers: response.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  async function token(account: Account | undefined, ...names: string[]): Promise<string> {
    const scopes = names.map((name) => `scope=${encodeURIComponent(`repository:${name}:pull`)}`).join('&');
    const answer = await ask(`/token?${scopes}`, account ? { headers: { authorization: basic(account) } } : {});
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
    return JSON.parse(answer.body.toString()).token;
  }

  return {
    get gate() {
      return running();
    },
    registry,
    other,
    hub,
    administration,
    pulls,
    configuration,
    folder,
    images,
    owner,
    member,
    ask,
    converse: (bytes, until) => converse(running().port, bytes, until),
    token,
    addAccount,
    addOrganizationToken,
    setPolicy,
    settle,
    async recorded(condition) {
      let found: PullRecord | undefined;
      await settle(async () => {
        found = (await pulls.latest(1000)).records.find(condition);
        return found !== undefined;
      });
      if (!found) throw new Error('There is no such record.');
      return found;
    },
    async pull(account, target, options = {}) {
      const name = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//.exec(target)?.[1];
      const bearer = await token(account, ...(name === undefined ? [] : [name]));
      return ask(target, { ...options, headers: { authorization: `Bearer ${bearer}`, ...options.headers } });
    },
    async restart() {
      await running().close();
      gate = await startGate(configuration, log);
    },
    async close() {
      await running().close();
      await installation.close();
      await Promise.all([registry.close(), other.close(), hub.close(), database.drop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function converse(port: number, bytes: string | Buffer, until?: RegExp): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (until?.test(Buffer.concat(chunks).toString('latin1'))) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });
}
