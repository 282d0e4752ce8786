import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildImage,
  type SmallHub,
  type SmallImage,
  type SmallRegistry,
  startSmallHub,
  startSmallRegistry,
} from '@pullgate/small-registry';
import { type Administration, type Gate, loadConfiguration, openInstallation, startGate } from '../../src/index.ts';

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
  readonly folder: string;
  readonly images: Readonly<Record<string, SmallImage>>;
  readonly owner: Account;
  readonly member: Account;
  /** Sends a request with its target exactly as given. */
  ask(target: string, options?: Ask): Promise<WireAnswer>;
  /** A registry token for the repositories, as the account or as nobody. */
  token(account: Account | undefined, ...names: string[]): Promise<string>;
  /** Asks with a fresh token for the repository that the target names. */
  pull(account: Account | undefined, target: string, options?: Ask): Promise<WireAnswer>;
  addAccount(
    username: string,
    membership?: { organization: string; role: 'owner' | 'editor' | 'member' },
  ): Promise<Account>;
  /** Waits until the running gate has taken in what the administration changed. */
  settle(condition: () => Promise<boolean>): Promise<void>;
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

export async function openSmallWorld(settings = ''): Promise<SmallWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-world-'));
  const registry = await startSmallRegistry({});
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
  const file = join(folder, 'pullgate.yaml');
  await writeFile(
    file,
    `listen: { port: 0 }
data: data
hub: { url: '${hub.url}' }
log: { level: silent }
upstreams:
  docker.io: { url: '${registry.url}', allow_http: true, allow_private_addresses: true, aliases: [hub.gate.test] }
  ghcr.io: { url: '${other.url}', allow_http: true, allow_private_addresses: true }
${settings}`,
  );
  const configuration = loadConfiguration({ file, env: {}, cwd: folder });
  const installation = await openInstallation(configuration);
  const { administration } = installation;
  await administration.organizations.create({ name: 'acme' }, actor);

  async function addAccount(
    username: string,
    membership?: { organization: string; role: 'owner' | 'editor' | 'member' },
  ) {
    await administration.people.create({ username }, actor);
    if (membership)
      await administration.members.add(membership.organization, { username, role: membership.role }, actor);
    const { secret, token } = await administration.personalTokens.create(
      username,
      { label: 'test', scopes: ['repo:read'] },
      actor,
    );
    return { username, pat: secret, tokenId: token.id };
  }

  const owner = await addAccount('olivia', { organization: 'acme', role: 'owner' });
  const member = await addAccount('max', { organization: 'acme', role: 'member' });
  await administration.namespaces.claim('acme', { registry: 'docker.io', namespace: 'acme' }, actor);
  const { policy, version } = await administration.policies.current('acme');
  await administration.policies.set('acme', { policy: { ...policy, enabled: true }, expectedVersion: version }, actor);
  let gate = await startGate(configuration);

  function ask(target: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        { host: '127.0.0.1', port: gate.port, method, path: target, headers, agent: false },
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
    const basic = account && Buffer.from(`${account.username}:${account.pat}`).toString('base64');
    const answer = await ask(
      `/token?${scopes}`,
      basic === undefined ? {} : { headers: { authorization: `Basic ${basic}` } },
    );
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
    return JSON.parse(answer.body.toString()).token;
  }

  return {
    get gate() {
      return gate;
    },
    registry,
    other,
    hub,
    administration,
    folder,
    images,
    owner,
    member,
    ask,
    token,
    addAccount,
    async pull(account, target, options = {}) {
      const name = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//.exec(target)?.[1] ?? '';
      const bearer = await token(account, name);
      return ask(target, { ...options, headers: { authorization: `Bearer ${bearer}`, ...options.headers } });
    },
    async settle(condition) {
      const deadline = Date.now() + 5_000;
      while (!(await condition())) {
        if (Date.now() > deadline) throw new Error('The gate did not take the change in.');
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    async restart() {
      await gate.close();
      gate = await startGate(configuration);
    },
    async close() {
      await gate.close();
      await installation.close();
      await Promise.all([registry.close(), other.close(), hub.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
