import type { CommandName } from './command-name.ts';
import type { Field } from './fields.ts';
import { flagOf } from './options.ts';
import type { RequestShape } from './request-shape.ts';

/** What examples say, by the last name of a field. */
const values: Readonly<Record<string, string>> = {
  against: '2',
  certificate: '"-----BEGIN CERTIFICATE-----…"',
  client_id: 'pullgate',
  domain: 'acme.example',
  domains: 'acme.example',
  email: 'alice@acme.example',
  entity_id: 'https://idp.acme.example',
  expires_at: '2027-12-31T23:59:59Z',
  full_name: '"Acme Ltd"',
  id: '0b5c1d8e-5a1f-4d3c-9f57-2f0f3f1f6a11',
  invitees: 'bob@acme.example carol',
  is_active: 'false',
  issuer: 'https://idp.acme.example',
  label: 'deploy',
  location: 'Oslo',
  member: 'bob',
  name: 'developers',
  namespace: 'acme',
  org: 'acme',
  orgname: 'acme',
  path: 'acme/*',
  person: 'bob',
  reference: 'nginx:1.29',
  registry: 'docker.io',
  repositories: 'bitnami/redis',
  repository: 'acme/web',
  resources: `'[{"type":"TYPE_REPO","path":"acme/*","scopes":["scope-image-pull"]}]'`,
  search: 'bob',
  standard_registries: `'[{"id":"DockerHub","allowed":true}]'`,
  custom_registries: `'[{"address":"ghcr.io","friendly_name":"GitHub","allowed":true}]'`,
  tag: 'latest',
  team: 'developers',
  token_label: 'laptop',
  username: 'bob',
  uuid: '0b5c1d8e-5a1f-4d3c-9f57-2f0f3f1f6a11',
  version: '3',
};

/** A command line that does something, and that is accepted. */
export function exampleOf({ noun, verb }: CommandName, shape: RequestShape): string {
  const inPath = shape.positionals.map(({ path: [name = ''] }) => pathValue(name, shape));
  const options = exampleFields(shape).map((field) => `${flagOf(field)} ${valueText(field)}`);
  return ['api', noun, verb, ...inPath, ...(shape.hasOrganization ? ['--org acme'] : []), ...options].join(' ');
}

/** A repository of a path stands behind its registry or its namespace. */
function pathValue(name: string, { positionals }: RequestShape): string {
  if (name !== 'repository') return values[name] ?? name;
  return positionals.some(({ path: [first] }) => first === 'registry') ? 'library/nginx' : 'web';
}

/** All that is needed; where nothing is, a filter, or the first thing that can be changed. Secrets are asked for. */
function exampleFields({ query, body, isPaged }: RequestShape): readonly Field[] {
  const needed = [...query, ...body].filter(({ isExemplary }) => isExemplary);
  if (needed.length > 0) return needed.filter(({ isSecret }) => !isSecret);
  const filter = isPaged ? query.find(({ path: [name] }) => name === 'search' || name === 'person') : undefined;
  return [filter ?? body.find(({ isSecret }) => !isSecret)].filter((field) => field !== undefined);
}

function valueText({ path, kind, choices: [choice] = [] }: Field): string {
  const example = choice ?? values[path.at(-1) ?? ''];
  if (example !== undefined) return example;
  return { text: 'text', texts: 'text', json: '[]', integer: '1', boolean: 'true' }[kind];
}
