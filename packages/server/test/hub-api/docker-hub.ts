import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A repository as Docker Hub tells of it. */
export interface HubRepository {
  readonly namespace: string;
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly tags: readonly string[];
}

export interface DockerHubOptions {
  /** Badges by namespace; a namespace without one is a person's. */
  readonly badges: Readonly<Record<string, string>>;
  readonly repositories: readonly HubRepository[];
  /** Who sees what is private. */
  readonly account: { readonly username: string; readonly password: string };
}

export interface DockerHub {
  readonly url: string;
  /** `METHOD /path?query` of everything that was asked. */
  readonly asked: string[];
  /** What came in the bodies and the `Authorization` headers. */
  readonly credentials: string[];
  close(): Promise<void>;
}

/** The parts of Docker Hub's API that the gate reads: badges, logins, repositories and tags, with its paging. */
export async function startDockerHub({ badges, repositories, account }: DockerHubOptions): Promise<DockerHub> {
  const asked: string[] = [];
  const credentials: string[] = [];
  const bearer = `hub-${crypto.randomUUID()}`;

  function answer(url: URL, isSignedIn: boolean): unknown {
    const parts = url.pathname.replace(/^\/v2\/|\/$/g, '').split('/');
    const [kind, namespace = ''] = parts;
    if (kind === 'orgs' || kind === 'users') return accountOf(kind, namespace);
    const rest = parts.slice(kind === 'namespaces' ? 3 : 2);
    const [name, what, tag, images] = rest;
    const visible = repositories.filter((one) => one.namespace === namespace && (isSignedIn || !one.isPrivate));
    if (name === undefined) return pageOf(url, visible.map(listedRepository));
    const found = visible.find((one) => one.name === name);
    if (!found) return undefined;
    if (what === undefined) return wholeRepository(found);
    if (tag === undefined) return pageOf(url, found.tags.map(tagNamed));
    if (!found.tags.includes(tag)) return undefined;
    return images === undefined ? tagNamed(tag) : tagNamed(tag).images;
  }

  function accountOf(kind: string, name: string): unknown {
    const badge = badges[name];
    if (badge === undefined) return undefined;
    return kind === 'orgs' ? { orgname: name, badge, type: 'Organization' } : undefined;
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://hub.test');
    asked.push(`${request.method} ${request.url}`);
    credentials.push(request.headers.authorization ?? '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    credentials.push(text);
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method === 'POST') {
      const { username, identifier = username, password, secret = password } = JSON.parse(text);
      const isRight = identifier === account.username && secret === account.password;
      return isRight
        ? send(200, { token: bearer, access_token: bearer })
        : send(401, { detail: 'Incorrect authentication credentials' });
    }
    const body = answer(url, request.headers.authorization?.endsWith(bearer) ?? false);
    return body === undefined ? send(404, { message: 'object not found', errinfo: {} }) : send(200, body);
  }

  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    credentials,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As Docker Hub does, with links that are no business of the gate's callers. */
function pageOf(url: URL, items: readonly unknown[]): unknown {
  const size = Math.min(Number(url.searchParams.get('page_size') ?? 10), 100);
  const page = Number(url.searchParams.get('page') ?? 1);
  const start = (page - 1) * size;
  if (start > 0 && start >= items.length) return undefined;
  const link = (number: number) => `https://hub.docker.com${url.pathname}?page=${number}&page_size=${size}`;
  return {
    count: items.length,
    next: start + size < items.length ? link(page + 1) : null,
    previous: page > 1 ? link(page - 1) : null,
    results: items.slice(start, start + size),
  };
}

const time = '2026-09-01T08:00:00.504110Z';

function listedRepository({ namespace, name, isPrivate = false }: HubRepository) {
  return {
    name,
    namespace,
    repository_type: 'image',
    status: 1,
    status_description: 'active',
    description: `${name} of ${namespace}`,
    is_private: isPrivate,
    star_count: 0,
    pull_count: 12,
    last_updated: time,
    last_modified: null,
    date_registered: time,
    affiliation: '',
    media_types: [],
    content_types: ['image'],
    categories: [{ name: 'Databases', slug: 'databases' }],
    storage_size: 1024,
  };
}

function wholeRepository(repository: HubRepository) {
  return {
    ...listedRepository(repository),
    user: repository.namespace,
    hub_user: repository.namespace,
    is_automated: false,
    collaborator_count: 0,
    has_starred: false,
    full_description: '# Read me',
    permissions: { read: true, write: false, admin: false },
    immutable_tags_settings: { enabled: false, rules: ['.*'] },
    source: null,
  };
}

function tagNamed(name: string) {
  return {
    id: 901,
    name,
    repository: 77,
    creator: 5,
    last_updater: 5,
    last_updater_username: 'alice',
    last_updated: time,
    full_size: 3_401_613,
    v2: true,
    tag_status: 'active',
    status: 'active',
    tag_last_pulled: null,
    tag_last_pushed: time,
    media_type: 'application/vnd.oci.image.index.v1+json',
    content_type: 'image',
    digest: `sha256:${'a'.repeat(64)}`,
    image_id: '',
    images: [
      {
        architecture: 'amd64',
        features: '',
        variant: null,
        digest: `sha256:${'b'.repeat(64)}`,
        os: 'linux',
        os_features: '',
        os_version: null,
        size: 3_401_613,
        status: 'active',
        last_pulled: null,
        last_pushed: null,
      },
    ],
  };
}
