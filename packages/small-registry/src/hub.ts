import { createHash } from 'node:crypto';
import { type Answer, json, redirect, type SmallRequest } from './answer.ts';
import { createFaults, type Faults } from './faults.ts';
import { type Listener, type ListenerOptions, listen } from './listener.ts';

/** Docker Hub's badge of an organization, or `user` for a person's namespace. `''` is an organization without a badge. */
export type Namespace = 'verified_publisher' | 'open_source' | '' | 'user';

export interface SmallHubOptions extends ListenerOptions {
  readonly namespaces?: Readonly<Record<string, Namespace>>;
}

/** The part of Docker Hub's API that tells what a namespace is: `GET /v2/orgs/{name}` and `GET /v2/users/{name}`. */
export interface SmallHub extends Listener {
  readonly faults: Faults;
  /** Adds a namespace or changes it. */
  set(name: string, namespace: Namespace): void;
  remove(name: string): void;
}

const route = /^\/v2\/(orgs|users)\/([^/?]+)\/?$/;

export async function startSmallHub(options: SmallHubOptions = {}): Promise<SmallHub> {
  const namespaces = new Map(Object.entries(options.namespaces ?? {}));
  const faults = createFaults();

  function respond(request: SmallRequest): Answer {
    const [, kind, name = ''] = route.exec(request.url.split('?', 1)[0] ?? '') ?? [];
    const namespace = namespaces.get(name);
    if (kind === undefined || namespace === undefined) return json(404, { message: 'object not found', errinfo: {} });
    const isPerson = namespace === 'user';
    if (kind === 'orgs') return isPerson ? redirect(302, `/v2/users/${name}`) : json(200, account(name, namespace));
    return isPerson ? json(200, account(name, namespace)) : redirect(308, `/v2/orgs/${name}`);
  }

  const listener = await listen(options, (request) => faults.bend(request, respond(request)));
  return {
    ...listener,
    faults,
    set: (name, namespace) => void namespaces.set(name, namespace),
    remove: (name) => void namespaces.delete(name),
  };
}

function account(name: string, namespace: Namespace): Readonly<Record<string, unknown>> {
  const id = createHash('md5').update(name).digest('hex');
  const common = {
    id,
    uuid: id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    full_name: name,
    location: '',
    company: '',
    profile_url: '',
    date_joined: '2021-01-05T21:06:53.506400Z',
    gravatar_email: '',
    gravatar_url: '',
    is_active: true,
  };
  return namespace === 'user'
    ? { ...common, username: name, type: 'User' }
    : { ...common, orgname: name, type: 'Organization', badge: namespace };
}
