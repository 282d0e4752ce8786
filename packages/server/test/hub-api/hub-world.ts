import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, type SmallRegistry, selfSignedCertificate, startSmallRegistry } from '@pullgate/small-registry';
import { connect, locateDatabases } from '../../src/database/connect.ts';
import { openStores } from '../../src/database/stores.ts';
import { type Configuration, type Gate, loadConfiguration, startGate } from '../../src/index.ts';
import { openLog } from '../../src/observe/log.ts';
import { databaseSettings } from '../database/test-database.ts';
import { proveDomain } from '../sign-in/prove-domain.ts';
import { type DockerHub, startDockerHub } from './docker-hub.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { startPushRegistry } from './push-registry.ts';
import { type Answer, type Ask, createWire } from './wire.ts';

/** Somebody who signed in with a password. */
export interface Person {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly bearer: string;
}

/** Whoever asks: a person, or the text of a bearer, or nobody. */
export type Asking = Pick<Person, 'bearer'> | string | undefined;
type Role = 'owner' | 'editor' | 'member';

export interface HubWorldOptions {
  /** Without it, browsers trust the gate as it is: `localhost` is a secure context. True when absent. */
  readonly tls?: boolean;
  /** Letters are sent, to a server that keeps them. */
  readonly mail?: boolean;
  /** Further top-level settings of the configuration file. */
  readonly settings?: string;
  /** Where the configuration finds its secrets. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A gate, set up through its own API and with nothing else: `olivia` administers it and owns `acme`,
 * which claims `docker.io/acme`. Behind it are a registry and Docker Hub's API.
 */
export interface HubWorld {
  readonly gate: Gate;
  /** Host and port that the certificate is for. */
  readonly host: string;
  /** PEM. */
  readonly ca: string;
  /** The configuration file. */
  readonly file: string;
  /** What was read of it. */
  readonly configuration: Configuration;
  readonly registry: SmallRegistry;
  readonly dockerHub: DockerHub;
  readonly olivia: Person;
  readonly mail: MailServer | undefined;
  /** Everything that was logged. */
  log(): string;
  /** Sends a request from an address of its own, so that no limit counts them together. */
  ask(ask: Ask): Promise<Answer>;
  /** Sends a request as somebody, whatever comes of it. */
  as(who: Asking, method: string, path: string, body?: unknown): Promise<Answer>;
  /** The body of a request that must succeed. */
  must<T = Record<string, unknown>>(who: Asking, method: string, path: string, body?: unknown): Promise<T>;
  /** A session's bearer. */
  signIn(username: string, password: string): Promise<string>;
  /** Makes a bearer of an access token. */
  exchange(identifier: string, secret: string): Promise<string>;
  /** A new person, who is invited by olivia, or by who is given, and accepts. */
  addPerson(username: string, organization?: string, role?: Role, by?: Asking): Promise<Person>;
  /** A new organization that belongs to somebody who is in no other. */
  addOrganization(name: string, owner: string): Promise<Person>;
  /** A personal access token, ready to be used as a bearer and as a password. */
  addPersonalToken(who: Person, ...scopes: string[]): Promise<{ id: string; secret: string; bearer: string }>;
  /** An organization access token with scopes on the organization. */
  addOrganizationToken(
    owner: Asking,
    organization: string,
    ...scopes: string[]
  ): Promise<{ id: string; secret: string; bearer: string }>;
  /** Signs in as a browser does. @returns what the `Cookie` header has to say */
  browserCookie(person: Person): Promise<string>;
  /** Asks the part of the sign-in that browsers use, below `/api/auth`; it must succeed. */
  browser<T>(cookie: string, path: string, body: object): Promise<{ readonly body: T; readonly cookie: string }>;
  /** What `docker pull` fetches first. */
  registryToken(account: { readonly username: string; readonly secret: string }, repository: string): Promise<string>;
  /** Asks for a manifest as `docker pull` does. */
  pull(registryToken: string, repository: string): Promise<Answer>;
  /** Takes a domain for verified, as the operator can. */
  proveDomain(organization: string, domain: string): Promise<void>;
  /** The rows of a database that is not among the files in the data folder, as text. */
  databaseRows(): Promise<string[]>;
  close(): Promise<void>;
}

export const startTimeout = 120_000;

/** What the gate signs in to Docker Hub with for acme. */
export const hubAccount = { username: 'acmebot', password: 'dckr_pat_upstream-credential-of-acme' };
/** Whoever may push to `ghcr.io` here. */
export const pusher = { username: 'pusher', password: 'password-of-the-pusher' };

/** Whoever was let into one repository of somebody else's namespace. */
export const contributor = {
  username: 'contributor',
  password: 'password-of-the-contributor',
  repository: 'northwind/charts',
};

/** How the gate signs in to the mail server. */
export const mailAccount = { username: 'gate@acme.example', password: 'password-of-the-mail-server' };

const asDocker = { 'user-agent': 'docker/29.0.1 go/go1.25.4 kernel/6.12 os/linux arch/amd64' };
const manifestTypes = 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json';

const organizationUrl = '/v2/orgs';

export async function openHubWorld(options: HubWorldOptions = {}): Promise<HubWorld> {
  const closing = new AsyncDisposableStack();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'pullgate-hub-'));
    closing.defer(() => rm(folder, { recursive: true, force: true }));
    const registry = await startSmallRegistry();
    closing.defer(registry.close);
    const pushable = await startPushRegistry(pusher, contributor);
    closing.defer(pushable.close);
    const dockerHub = await startDockerHub({
      badges: { acme: '', northwind: 'verified_publisher' },
      repositories: hubRepositories,
      account: hubAccount,
    });
    closing.defer(dockerHub.close);
    const mail = options.mail ? await startMailServer() : undefined;
    if (mail) closing.defer(mail.close);
    for (const name of ['library/alpine', 'northwind/agent', 'somebody/miner', 'acme/web']) {
      registry.add(name, buildImage({ files: { 'about.txt': name }, platforms: ['linux/amd64'] }), ['latest']);
    }
    const database = await databaseSettings();
    closing.defer(database.drop);
    const { cert, key } = selfSignedCertificate(['localhost', '127.0.0.1']);
    await writeFile(join(folder, 'certificate.pem'), cert);
    await writeFile(join(folder, 'key.pem'), key, { mode: 0o600 });
    const file = join(folder, 'pullgate.yaml');
    const isTls = options.tls ?? true;
    const tls = isTls ? 'tls: { certificate: certificate.pem, key: key.pem }\n' : '';
    const local = 'allow_http: true, allow_private_addresses: true';
    const acme = `organizations: { acme: { username: ${hubAccount.username}, password: { env: HUB_PASSWORD } } }`;
    await writeFile(
      file,
      `url: '${isTls ? 'https' : 'http'}://localhost:0'
listen: { port: 0 }
${tls}data: data
hub: { url: '${dockerHub.url}' }
trusted_proxies: [127.0.0.1]
log: { level: debug }
upstreams:
  docker.io: { url: '${registry.url}', ${local}, ${acme} }
  ghcr.io: { url: '${pushable.url}', ${local} }
${mail ? mailSettings(mail) : ''}
${database.settings}${options.settings ?? ''}`,
    );
    const env = { HUB_PASSWORD: hubAccount.password, MAIL_PASSWORD: mailAccount.password, ...options.env };
    const configuration = loadConfiguration({ file, env, cwd: folder });
    const lines: string[] = [];
    const gate = await startGate(configuration, openLog('trace', { write: (line) => void lines.push(line) }));
    closing.defer(() => gate.close());
    const wire = createWire(gate.port, isTls ? cert : undefined);
    const stores = await openState(configuration, closing);

    let addresses = 0;
    const ask = (request: Ask): Promise<Answer> => {
      const address = `10.${(++addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
      return wire({ ...request, headers: { host, 'x-forwarded-for': address, ...request.headers } });
    };
    const host = `localhost:${gate.port}`;

    function as(who: Asking, method: string, path: string, body?: unknown): Promise<Answer> {
      const bearer = typeof who === 'string' ? who : who?.bearer;
      const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
      return ask({ method, path, headers: { ...headers, 'content-type': 'application/json' }, body });
    }

    async function must<T>(who: Asking, method: string, path: string, body?: unknown): Promise<T> {
      const answer = await as(who, method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
      return (answer.text === '' ? undefined : answer.json<T>()) as T;
    }

    async function signIn(username: string, password: string): Promise<string> {
      const body = { username, password };
      return (await must<{ token: string }>(undefined, 'POST', '/v2/users/login', body)).token;
    }

    async function exchange(identifier: string, secret: string): Promise<string> {
      const body = { identifier, secret };
      return (await must<{ access_token: string }>(undefined, 'POST', '/v2/auth/token', body)).access_token;
    }

    async function found(): Promise<Person> {
      const token = gate.setUpLink?.split('#')[1];
      const account = { username: 'olivia', email: 'olivia@acme.example', password: passwordOf('olivia') };
      await must(undefined, 'POST', '/v2/setup', { token, ...account, orgname: 'acme', org_full_name: 'Acme Ltd' });
      return { ...account, bearer: await signIn(account.username, account.password) };
    }

    const olivia = await found();
    await must(olivia, 'PUT', '/v2/orgs/acme/namespaces/docker.io/acme');

    async function addPerson(
      username: string,
      organization = 'acme',
      role: Role = 'member',
      by: Asking = olivia,
    ): Promise<Person> {
      const account = { username, email: `${username}@acme.example`, password: passwordOf(username) };
      const body = { org: organization, invitees: [account.email], role };
      const { invitees } = await must<{ invitees: { link: string }[] }>(by, 'POST', '/v2/invites/bulk', body);
      const token = invitees[0]?.link.split('#')[1];
      const accepted = { token, account: { username, password: account.password } };
      await must(undefined, 'POST', '/v2/invites/accept', accepted);
      return { ...account, bearer: await signIn(username, account.password) };
    }

    async function browse(cookie: string | undefined, path: string, body: object): Promise<Answer> {
      const headers = { origin: gate.url, 'content-type': 'application/json', ...(cookie !== undefined && { cookie }) };
      const answer = await ask({ method: 'POST', path: `/api/auth${path}`, headers, body });
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
      return answer;
    }

    return {
      gate,
      host,
      ca: cert,
      file,
      configuration,
      registry,
      dockerHub,
      olivia,
      mail,
      log: () => lines.join(''),
      databaseRows: database.rows,
      ask,
      as,
      must,
      signIn,
      exchange,
      addPerson,
      async addOrganization(name, owner) {
        const person = await addPerson(owner);
        await must(olivia, 'DELETE', `/v2/orgs/acme/members/${owner}`);
        await must(olivia, 'POST', organizationUrl, { orgname: name, owner });
        return person;
      },
      async addPersonalToken(who, ...scopes) {
        const body = { token_label: `with ${scopes.join(' ')}`, scopes };
        const { uuid, token } = await must<{ uuid: string; token: string }>(who, 'POST', '/v2/access-tokens', body);
        return { id: uuid, secret: token, bearer: await exchange(who.username, token) };
      },
      async addOrganizationToken(owner, organization, ...scopes) {
        const resources = [{ type: 'TYPE_ORG', path: organization, scopes }];
        const body = { label: 'test', description: '', resources };
        const path = `${organizationUrl}/${organization}/access-tokens`;
        const { id, token } = await must<{ id: string; token: string }>(owner, 'POST', path, body);
        return { id, secret: token, bearer: await exchange(organization, token) };
      },
      async browserCookie({ username, password }) {
        return cookieOf(await browse(undefined, '/sign-in/username', { username, password })) ?? '';
      },
      async browser<T>(cookie: string, path: string, body: object) {
        const answer = await browse(cookie, path, body);
        return { body: answer.json<T>(), cookie: cookieOf(answer) ?? cookie };
      },
      async registryToken({ username, secret }, repository) {
        const authorization = `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
        const path = `/token?service=${host}&scope=repository:${repository}:pull`;
        const answer = await ask({ path, headers: { ...asDocker, authorization } });
        if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
        return answer.json<{ token: string }>().token;
      },
      pull: (token, repository) =>
        ask({
          path: `/v2/${repository}/manifests/latest`,
          headers: { ...asDocker, accept: manifestTypes, authorization: `Bearer ${token}` },
        }),
      async proveDomain(organization, domain) {
        const operator = { kind: 'command-line', name: 'root' } as const;
        await proveDomain(stores, organization, domain, operator);
      },
      close: () => closing.disposeAsync(),
    };
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

function cookieOf({ headers }: Answer): string | undefined {
  return headers['set-cookie']?.map((cookie) => cookie.split(';', 1)[0]).join('; ');
}

/** The state, opened beside the gate as a command of the operator does. */
async function openState(configuration: Configuration, closing: AsyncDisposableStack) {
  const database = await connect(locateDatabases(configuration).state);
  closing.defer(() => database.destroy());
  return openStores(database);
}

function mailSettings({ port }: MailServer): string {
  return `mail:
  from: gate@acme.example
  host: 127.0.0.1
  port: ${port}
  security: none
  username: ${mailAccount.username}
  password: { env: MAIL_PASSWORD }
`;
}

export function passwordOf(username: string): string {
  return `correct horse battery of ${username}`;
}

const hubRepositories = [
  { namespace: 'acme', name: 'web', tags: ['1.0', '1.1', 'latest'] },
  { namespace: 'acme', name: 'secret', isPrivate: true, tags: ['latest'] },
  // More than one page of ten.
  ...Array.from({ length: 14 }, (_, index) => ({ namespace: 'acme', name: `service-${index}`, tags: ['latest'] })),
  { namespace: 'northwind', name: 'agent', tags: ['latest'] },
];
