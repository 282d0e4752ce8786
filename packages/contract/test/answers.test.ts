import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EndpointName,
  endpointsByName,
  errorBody,
  errorStatuses,
  formatTime,
  loginErrorBody,
  repositoryWriteRefusal,
  scimErrorBody,
  sentences,
} from '../src/index.ts';

function answer(name: EndpointName) {
  const { success } = endpointsByName[name];
  if (!('schema' in success)) throw new Error(`${name} answers no JSON`);
  return success.schema;
}

const organization = {
  id: '0ab70deb065a43fcacd55d48caa945d8',
  uuid: '0ab70deb-065a-43fc-acd5-5d48caa945d8',
  orgname: 'acme',
  full_name: 'Acme Ltd',
  location: 'Oslo',
  company: 'Acme',
  profile_url: '',
  date_joined: '2021-01-05T21:06:53.506400Z',
  gravatar_email: '',
  gravatar_url: '',
  type: 'Organization',
  badge: '',
  is_active: true,
};

const personalToken = {
  uuid: '6f1c0c56-8a53-4d0e-9a57-2f7d5a0b9c11',
  client_id: 'HUB',
  creator_ip: '192.0.2.7',
  creator_ua: 'terraform-provider-docker/0.6.0',
  created_at: '2026-09-01T08:00:00.000000Z',
  last_used: null,
  last_used_ip: null,
  generated_by: 'manual',
  is_active: true,
  token: '',
  token_label: 'laptop',
  scopes: ['repo:read'],
  expires_at: '2027-01-31T23:59:59Z',
};

const organizationToken = {
  id: 'a1b2c3d4-0000-4000-8000-000000000001',
  label: 'ci',
  description: 'pulls for CI',
  is_active: true,
  created_at: '2026-09-01T08:00:00.504110Z',
  expires_at: '2027-12-31T23:59:59Z',
  last_used_at: null,
  last_used_ip: null,
};
const resources = [{ type: 'TYPE_REPO', path: 'acme/*', scopes: ['scope-image-pull'] }];

const member = {
  id: '0ab70deb065a43fcacd55d48caa945d8',
  username: 'alice',
  full_name: 'Alice A.',
  email: 'alice@acme.dev',
  primary_email: 'alice@acme.dev',
  role: 'Owner',
  groups: ['owners', 'platform'],
  is_guest: false,
  type: 'User',
  company: '',
  location: '',
  profile_url: '',
  gravatar_email: '',
  gravatar_url: '',
  date_joined: '2021-01-05T21:06:53.506400Z',
};

const repository = {
  name: 'web',
  namespace: 'acme',
  repository_type: 'image',
  status: 1,
  status_description: 'active',
  description: '',
  is_private: false,
  star_count: 0,
  pull_count: 12,
  last_updated: '2026-09-01T08:00:00.000000Z',
  last_modified: null,
  date_registered: '2026-01-01T00:00:00.000000Z',
  affiliation: '',
  media_types: [],
  content_types: ['image'],
  categories: [{ name: 'Databases', slug: 'databases' }],
  storage_size: 1024,
};

// The examples of Docker Hub's documents, as its clients decode them.
const examples: readonly [EndpointName, unknown][] = [
  ['signIn', { token: 'ey.ey.s' }],
  ['createBearer', { access_token: 'ey.ey.s' }],
  ['getOrganization', organization],
  [
    'listOwnOrganizations',
    {
      count: 1,
      next: null,
      previous: null,
      results: [
        {
          ...organization,
          user_role: 'Owner',
          user_groups: ['owners'],
          org_groups_count: 2,
          plan_name: null,
          parent_name: null,
        },
      ],
    },
  ],
  ['getPersonalToken', personalToken],
  ['createPersonalToken', { ...personalToken, token: 'dckr_pat_' }],
  ['listPersonalTokens', { count: 1, active_count: 1, next: null, previous: null, results: [personalToken] }],
  ['createOrganizationToken', { ...organizationToken, resources, token: 'dckr_oat_' }],
  ['getOrganizationToken', { ...organizationToken, created_by: 'alice', resources }],
  [
    'listOrganizationTokens',
    { total: 1, next: null, previous: null, results: [{ ...organizationToken, created_by: 'alice' }] },
  ],
  [
    'getSettings',
    { restricted_images: { enabled: true, allow_official_images: true, allow_verified_publishers: false } },
  ],
  [
    'getRegistryAccess',
    {
      enabled: true,
      standard_registries: [{ id: 'DockerHub', allowed: true }],
      custom_registries: [{ address: 'https://ghcr.io', friendly_name: 'GitHub', allowed: true }],
    },
  ],
  [
    'listMembers',
    {
      count: 1,
      next: 'https://hub.docker.com/v2/orgs/acme/members?page=2&page_size=25',
      previous: null,
      results: [member],
    },
  ],
  ['getGroup', { id: 4711, uuid: '5d0f', name: 'platform', description: '', member_count: 3, role: 'member' }],
  [
    'inviteMembers',
    {
      invitees: [
        {
          invitee: 'bob@acme.dev',
          status: 'invited',
          invite: {
            id: 'e2b8',
            inviter_username: 'alice',
            invitee: 'bob@acme.dev',
            org: 'acme',
            team: '',
            role: 'member',
            created_at: '2026-09-01T08:00:00.000000Z',
          },
        },
        { invitee: 'carol', status: 'existing_org_member' },
        { invitee: 'not an address', status: 'invalid_email_or_docker_id' },
      ],
    },
  ],
  [
    'listAuditLogs',
    {
      logs: [
        {
          account: 'acme',
          action: 'org.settings.update',
          name: 'acme',
          actor: 'alice',
          data: { setting: 'restricted_images' },
          timestamp: '2026-09-01T08:00:00Z',
          action_description: '…',
        },
      ],
    },
  ],
  [
    'listAuditActions',
    {
      actions: {
        org: {
          label: 'Organization',
          actions: [{ name: 'member.add', label: 'Organization Member Added', description: '…' }],
        },
      },
    },
  ],
  ['listRepositories', { count: 1, next: null, previous: null, results: [repository] }],
  [
    'getRepository',
    {
      ...repository,
      user: 'acme',
      hub_user: 'acme',
      is_automated: false,
      collaborator_count: 0,
      has_starred: false,
      full_description: '',
      permissions: { read: true, write: false, admin: false },
      immutable_tags_settings: { enabled: false, rules: [] },
      source: null,
    },
  ],
  [
    'getTag',
    {
      id: 901,
      name: 'latest',
      repository: 77,
      creator: 5,
      last_updater: 5,
      last_updater_username: 'alice',
      last_updated: '2026-09-01T08:00:00.000000Z',
      full_size: 3401613,
      v2: true,
      tag_status: 'active',
      status: 'active',
      tag_last_pulled: null,
      tag_last_pushed: '2026-09-01T08:00:00.000000Z',
      media_type: 'application/vnd.oci.image.index.v1+json',
      content_type: 'image',
      digest: 'sha256:…',
      image_id: '',
      images: [
        {
          architecture: 'amd64',
          features: '',
          variant: null,
          digest: 'sha256:…',
          os: 'linux',
          os_features: '',
          os_version: null,
          size: 3401613,
          status: 'active',
          last_pulled: null,
          last_pushed: null,
        },
      ],
    },
  ],
];

describe('What is answered', () => {
  it.each(examples)('is what clients of Docker Hub decode: %s', (name, example) => {
    expect(answer(name).parse(example)).toEqual(example);
  });

  it.each([
    [
      'a team whose id is text',
      'getGroup',
      { id: '4711', uuid: '', name: 'a', description: '', member_count: 0, role: 'member' },
    ],
    ['an empty time', 'getPersonalToken', { ...personalToken, last_used: '' }],
    [
      'a role in lower case',
      'listMembers',
      { count: 1, next: null, previous: null, results: [{ ...member, role: 'owner' }] },
    ],
    ['a page without a count', 'listMembers', { next: null, previous: null, results: [] }],
  ] as const)('is never %s, which they fail at', (_what, name, example) => {
    expect(answer(name).safeParse(example).success).toBe(false);
  });
});

describe('Errors', () => {
  it('come in one shape, with fields for what is wrong in which field', () => {
    const plain = { detail: 'There is no such team: not found.', message: '…', errinfo: {} };
    expect(errorBody.parse(plain)).toEqual(plain);
    const fields = { ...plain, fields: { name: ['too short'] }, text: 'name: too short' };
    expect(errorBody.parse(fields)).toEqual(fields);
  });

  it('of logins have a detail, and the token for the second factor', () => {
    expect(loginErrorBody.parse({ detail: sentences.secondFactorRequired, login_2fa_token: 'ey' })).toEqual({
      detail: 'Require secondary authentication on MFA enabled account',
      login_2fa_token: 'ey',
    });
  });

  it('of SCIM have the status as text', () => {
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
    expect(scimErrorBody.safeParse({ schemas, status: '404', detail: 'User not found' }).success).toBe(true);
    expect(scimErrorBody.safeParse({ schemas, status: 404, detail: 'User not found' }).success).toBe(false);
  });

  it('say "not found" in no sentence but that of a 404: a client would take the thing for deleted', () => {
    const others = [...Object.values(sentences), repositoryWriteRefusal, ...Object.values(errorStatuses)];
    expect(others.filter((text) => /not found/i.test(text))).toEqual([]);
  });
});

describe('Times', () => {
  it('are written with microseconds', () => {
    expect(formatTime(Date.UTC(2026, 2, 18, 21, 15, 40, 504))).toBe('2026-03-18T21:15:40.504000Z');
  });

  it('are read back as the same instant, and pass the schema of answers', () => {
    const { shape } = endpointsByName.getImageAccess.success.schema;
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        const text = formatTime(date.getTime());
        expect(Date.parse(text)).toBe(date.getTime());
        expect(shape.changed_at.parse(text)).toBe(text);
      }),
    );
  });
});
