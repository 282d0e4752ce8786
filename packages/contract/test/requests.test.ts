import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EndpointName, endpointsByName } from '../src/index.ts';

function body(name: EndpointName) {
  const endpoint = endpointsByName[name];
  if (!('body' in endpoint)) throw new Error(`${name} has no body`);
  return endpoint.body;
}

function query(name: EndpointName) {
  const endpoint = endpointsByName[name];
  if (!('query' in endpoint)) throw new Error(`${name} has no query`);
  return endpoint.query;
}

// What Docker's Terraform provider and Docker's own documents send, and what has to come of it.
const accepted: readonly [string, EndpointName, unknown, unknown][] = [
  [
    'a team with the zero fields that the provider sends',
    'createGroup',
    { id: 0, uuid: '', name: 'Platform-1', description: '', member_count: 0 },
    { name: 'Platform-1', description: '' },
  ],
  ['a team without a description', 'createGroup', { name: 'web' }, { name: 'web', description: '' }],
  ['an empty change of a team', 'updateGroup', {}, {}],
  [
    'an invitation with an empty team',
    'inviteMembers',
    { org: 'acme', team: '', invitees: ['bob@acme.dev'], role: 'owner', dry_run: false },
    { org: 'acme', team: undefined, invitees: ['bob@acme.dev'], role: 'owner', dry_run: false },
  ],
  [
    'an invitation with an empty role and without dry_run',
    'inviteMembers',
    { org: 'acme', invitees: ['bob'], role: '' },
    { org: 'acme', invitees: ['bob'], role: undefined, dry_run: false },
  ],
  [
    'scopes of which one implies the other, in the order sent',
    'createPersonalToken',
    { token_label: 'ci', scopes: ['repo:write', 'repo:read'] },
    { token_label: 'ci', scopes: ['repo:write', 'repo:read'], expires_at: null },
  ],
  [
    'a token that never ends, as null',
    'createPersonalToken',
    { token_label: 'ci', scopes: ['repo:read'], expires_at: null },
    { token_label: 'ci', scopes: ['repo:read'], expires_at: null },
  ],
  [
    'a token that never ends, as an empty text',
    'createPersonalToken',
    { token_label: 'ci', scopes: ['repo:read'], expires_at: '' },
    { token_label: 'ci', scopes: ['repo:read'], expires_at: null },
  ],
  [
    'an end with an offset, kept as it was written',
    'createPersonalToken',
    { token_label: 'ci', scopes: ['repo:read'], expires_at: '2027-12-31T23:59:59+01:00' },
    {
      token_label: 'ci',
      scopes: ['repo:read'],
      expires_at: { text: '2027-12-31T23:59:59+01:00', at: Date.UTC(2027, 11, 31, 22, 59, 59) },
    },
  ],
  [
    'an organization access token',
    'createOrganizationToken',
    {
      label: 'ci',
      description: 'pulls for CI',
      resources: [{ type: 'TYPE_REPO', path: 'acme/*', scopes: ['scope-image-pull'] }],
      expires_at: '2027-12-31T23:59:59Z',
    },
    {
      label: 'ci',
      description: 'pulls for CI',
      resources: [{ type: 'TYPE_REPO', path: 'acme/*', scopes: ['scope-image-pull'] }],
      expires_at: { text: '2027-12-31T23:59:59Z', at: Date.UTC(2027, 11, 31, 23, 59, 59) },
    },
  ],
  [
    'Docker’s three switches',
    'setSettings',
    { restricted_images: { enabled: true, allow_official_images: true, allow_verified_publishers: false } },
    { restricted_images: { enabled: true, allow_official_images: true, allow_verified_publishers: false } },
  ],
  [
    'registries with and without a scheme',
    'setRegistryAccess',
    {
      enabled: true,
      standard_registries: [{ id: 'DockerHub', allowed: true }],
      custom_registries: [{ address: 'https://ghcr.io', friendly_name: 'GitHub', allowed: true }],
    },
    {
      enabled: true,
      standard_registries: [{ id: 'DockerHub', allowed: true }],
      custom_registries: [{ address: 'https://ghcr.io', friendly_name: 'GitHub', allowed: true }],
    },
  ],
  ['a change of one switch', 'updateImageAccess', { allow_community_images: true }, { allow_community_images: true }],
  [
    'a person as Entra deactivates one',
    'patchScimUser',
    {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
    },
    {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'active', value: 'False' }],
    },
  ],
  [
    'a person whose flag is text',
    'replaceScimUser',
    { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], active: 'False', nickName: 'bob' },
    { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], active: false },
  ],
  [
    'the code of a second factor',
    'signInWithSecondFactor',
    { login_2fa_token: 'ey.ey.s', code: '123456' },
    { login_2fa_token: 'ey.ey.s', code: '123456' },
  ],
];

const policy = {
  enabled: true,
  allow_official_images: true,
  allow_verified_publishers: true,
  allow_sponsored_open_source: false,
  allow_community_images: false,
  allowlist: { enabled: false, repositories: [] },
};

const refused: readonly [string, EndpointName, unknown, string][] = [
  ['no body', 'createGroup', undefined, ''],
  ['a list for a body', 'createGroup', [], ''],
  ['a team’s name with a slash', 'createGroup', { name: 'a/b/c' }, 'name'],
  ['a team’s name of two letters', 'createGroup', { name: 'ab' }, 'name'],
  ['a number for a name', 'createGroup', { name: 12345 }, 'name'],
  ['an unknown scope', 'createPersonalToken', { token_label: 'a', scopes: ['repo:all'] }, 'scopes'],
  ['no scope', 'createPersonalToken', { token_label: 'a', scopes: [] }, 'scopes'],
  [
    'a label of 101 letters',
    'createPersonalToken',
    { token_label: 'a'.repeat(101), scopes: ['repo:read'] },
    'token_label',
  ],
  [
    'a day for a time',
    'createPersonalToken',
    { token_label: 'a', scopes: ['repo:read'], expires_at: '2027-12-31' },
    'expires_at',
  ],
  [
    'milliseconds for a time',
    'createPersonalToken',
    { token_label: 'a', scopes: ['repo:read'], expires_at: 1 },
    'expires_at',
  ],
  ['a token of no resource', 'createOrganizationToken', { label: 'a', resources: [] }, 'resources'],
  [
    'two switches of three',
    'setSettings',
    { restricted_images: { enabled: true, allow_official_images: true } },
    'restricted_images',
  ],
  ['text for a switch', 'setImageAccess', { ...policy, enabled: 'true' }, 'enabled'],
  [
    'a policy without one of its switches',
    'setImageAccess',
    { ...policy, allow_community_images: undefined },
    'allow_community_images',
  ],
  ['an unknown role', 'updateMember', { role: 'Owner' }, 'role'],
  ['nobody invited', 'inviteMembers', { org: 'acme', invitees: [] }, 'invitees'],
  ['a thousand and one invited', 'inviteMembers', { org: 'acme', invitees: Array(1001).fill('bob') }, 'invitees'],
  ['a number for a code', 'signInWithSecondFactor', { login_2fa_token: 'a', code: 123456 }, 'code'],
  ['a password without an end', 'signIn', { username: 'alice', password: 'a'.repeat(2000) }, 'password'],
  [
    'OIDC without a secret',
    'createConnection',
    { protocol: 'oidc', name: 'a', domains: ['a.dev'], oidc: { issuer: 'https://a.dev', client_id: 'a' } },
    'oidc',
  ],
];

describe('What is sent', () => {
  it.each(accepted)('takes %s', (_what, name, sent, parsed) => {
    expect(body(name).parse(sent)).toEqual(parsed);
  });

  it.each(accepted)('ignores fields that nobody knows beside %s', (_what, name, sent, parsed) => {
    expect(body(name).parse({ ...(sent as object), from_a_newer_client: { deeply: [1] } })).toEqual(parsed);
  });

  it.each(refused)('refuses %s', (_what, name, sent, field) => {
    const { success, error } = body(name).safeParse(sent);
    expect(success).toBe(false);
    expect(error?.issues.map(({ path }) => String(path[0] ?? ''))).toContain(field);
  });

  it.each<[string, EndpointName, object, RegExp]>([
    [
      'a time',
      'createPersonalToken',
      { token_label: 'a', scopes: ['repo:read'], expires_at: 'tomorrow' },
      /^A time is written as in RFC 3339, such as/,
    ],
    ['a role', 'inviteMembers', { org: 'acme', invitees: ['bob'], role: 'king' }, /"owner"/],
    ['a team', 'inviteMembers', { org: 'acme', invitees: ['bob'], team: 'x'.repeat(31) }, /30/],
  ])('says what %s has to be', (_what, name, sent, sentence) => {
    expect(body(name).safeParse(sent).error?.issues[0]?.message).toMatch(sentence);
  });

  it('never throws on whatever JSON', () => {
    const bodies = Object.values(endpointsByName).flatMap((endpoint) => ('body' in endpoint ? [endpoint.body] : []));
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...bodies), (value, schema) => {
        schema.safeParse(value);
      }),
    );
  });
});

describe('What is in an address', () => {
  it.each([
    ['nothing', {}, { page: 1, page_size: 100 }],
    ['more per page than there may be', { page_size: '10000' }, { page: 1, page_size: 1000 }],
    ['page 0', { page: '0' }, { page: 1, page_size: 100 }],
    ['a negative size', { page_size: '-5' }, { page: 1, page_size: 1 }],
    ['words for numbers', { page: 'two', page_size: '' }, { page: 1, page_size: 100 }],
    ['numbers that are none', { page: 'Infinity', page_size: 'NaN' }, { page: 1_000_000, page_size: 100 }],
    ['a flag without a value', { invites: '' }, { invites: true, page: 1, page_size: 100 }],
    ['a flag as text', { invites: 'false' }, { invites: false, page: 1, page_size: 100 }],
    ['what nobody knows', { fields: 'all' }, { page: 1, page_size: 100 }],
  ])('takes %s', (_what, sent, parsed) => {
    expect(query('listMembers').parse(sent)).toEqual(parsed);
  });

  it.each([
    ['an unknown role', 'listMembers', { role: 'king' }],
    ['a flag that is none', 'listMembers', { invites: 'maybe' }],
    ['an unknown verdict', 'listPulls', { verdict: 'perhaps' }],
    ['a day without a time', 'listPulls', { from: '2026-09-01' }],
    ['a bad ordering', 'listRepositories', { ordering: 'size' }],
    ['a format that nobody writes', 'exportPulls', { format: 'xlsx' }],
  ] as const)('refuses %s', (_what, name, sent) => {
    expect(query(name).safeParse(sent).success).toBe(false);
  });

  it('reads a span of time', () => {
    const sent = { from: '2026-09-01T00:00:00Z', to: '2026-09-01T02:00:00.5+02:00' };
    const span = { from: Date.UTC(2026, 8, 1), to: Date.UTC(2026, 8, 1, 0, 0, 0, 500) };
    expect(query('listAuditLogs').parse(sent)).toEqual({ ...span, page: 1, page_size: 25 });
  });

  it('keeps page numbers within bounds, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (page, page_size) => {
        const parsed = query('listTags').parse({ page, page_size }) as { page: number; page_size: number };
        expect(parsed.page).toSatisfy((n: number) => Number.isInteger(n) && n >= 1 && n <= 1_000_000);
        expect(parsed.page_size).toSatisfy((n: number) => Number.isInteger(n) && n >= 1 && n <= 100);
      }),
    );
  });

  it.each([
    ['1', 1],
    ['17', 17],
  ])('reads the version %s in a path', (sent, version) => {
    expect(endpointsByName.getImageAccessVersion.params.parse({ org: 'acme', version: sent })).toEqual({
      org: 'acme',
      version,
    });
  });

  it.each(['0', '-1', '1.5', '1e3', ' 1', '0x1', '', 'latest', '9'.repeat(30)])('refuses the version %j', (version) => {
    expect(endpointsByName.getImageAccessVersion.params.safeParse({ org: 'acme', version }).success).toBe(false);
  });
});
