import { randomUUID } from 'node:crypto';
import type { EndpointName } from '@pullgate/contract';
import { type HubWorld, type Person, pusher } from '../hub-api/hub-world.ts';

/** What a request is made of, beside whoever sends it. */
export interface ExampleRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Where a request of the table can be tried again and again. */
export interface ExampleWorld {
  readonly hub: HubWorld;
  /** Owner of acme. */
  readonly owner: Person;
  /** Plain member of acme. */
  readonly member: Person;
  /** Id of a pull of the member that acme refused. */
  readonly decision: string;
  /** Id of a single sign-on connection of acme, for `staff.example`. `acme.example` is free. */
  readonly connection: string;
  /** Bearer of acme's SCIM. */
  readonly scim: string;
  /** Signs in with a password as a person with a second factor, and gives what is asked for then. */
  secondFactor(): Promise<{ readonly login_2fa_token: string; readonly code: string }>;
}

/**
 * Makes a request that succeeds when who sends it may send it. What it changes or deletes is made for it.
 *
 * @param whose things it is about, where they are a person's own
 */
export type Example = (world: ExampleWorld, whose: Person) => Promise<ExampleRequest> | ExampleRequest;

const unique = (prefix: string): string => `${prefix}-${randomUUID().slice(0, 13)}`;
const org = 'acme';
const inAcme = { params: { org } } as const;
const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const policy = {
  enabled: true,
  allow_official_images: true,
  allow_verified_publishers: true,
  allow_sponsored_open_source: false,
  allow_community_images: false,
  allowlist: { enabled: false, repositories: [] },
};

async function newTeam({ hub }: ExampleWorld): Promise<string> {
  const name = unique('team');
  await hub.must(hub.olivia, 'POST', '/v2/orgs/acme/groups', { name });
  return name;
}

async function newInvite({ hub }: ExampleWorld): Promise<{ id: string; token: string }> {
  const body = { org, invitees: [`${unique('guest')}@acme.example`] };
  type Invited = { invitees: [{ link: string; invite: { id: string } }] };
  const [{ link, invite }] = (await hub.must<Invited>(hub.olivia, 'POST', '/v2/invites/bulk', body)).invitees;
  return { id: invite.id, token: link.split('#')[1] ?? '' };
}

/** A member without a password, who is provisioned. */
async function newMember(world: ExampleWorld): Promise<{ id: string; username: string }> {
  const userName = `${unique('staff')}@staff.example`;
  type Provisioned = { id: string; displayName: string };
  const body = { schemas: [userSchema], userName };
  const { id, displayName } = await world.hub.must<Provisioned>(world.scim, 'POST', '/v2/scim/2.0/Users', body);
  return { id, username: displayName };
}

async function newScimGroup({ hub, scim }: ExampleWorld): Promise<string> {
  const body = { schemas: [groupSchema], displayName: unique('crew') };
  return (await hub.must<{ id: string }>(scim, 'POST', '/v2/scim/2.0/Groups', body)).id;
}

async function newPersonalToken({ hub }: ExampleWorld, whose: Person): Promise<string> {
  const body = { token_label: 'example', scopes: ['repo:read'] };
  return (await hub.must<{ uuid: string }>(whose, 'POST', '/v2/access-tokens', body)).uuid;
}

const oneResource = [{ type: 'TYPE_REPO', path: 'acme/*', scopes: ['scope-image-pull'] }];

async function newOrganizationToken({ hub }: ExampleWorld): Promise<string> {
  const body = { label: 'example', resources: oneResource };
  return (await hub.must<{ id: string }>(hub.olivia, 'POST', '/v2/orgs/acme/access-tokens', body)).id;
}

async function newDomain({ hub }: ExampleWorld): Promise<string> {
  const domain = `${unique('domain')}.example`;
  await hub.must(hub.olivia, 'POST', '/v2/orgs/acme/domains', { domain });
  return domain;
}

const saml = {
  protocol: 'saml',
  domains: ['acme.example'],
  saml: { entry_point: 'https://idp.acme.example/sso', entity_id: 'https://idp.acme.example' },
};

const inRepository = { namespace: 'acme', repository: 'web' };

export const examples: { readonly [Name in EndpointName]: Example } = {
  signIn: ({ member: { username, password } }) => ({ body: { username, password } }),
  signInWithSecondFactor: async ({ secondFactor }) => ({ body: await secondFactor() }),
  createBearer: ({ member: { username, password } }) => ({ body: { identifier: username, secret: password } }),

  getCaller: () => ({}),
  updateCaller: () => ({ body: { location: 'Oslo' } }),
  listOwnOrganizations: () => ({}),
  listPeople: () => ({ query: { search: 'o' } }),
  getPerson: ({ member }) => ({ params: { username: member.username } }),
  updatePerson: async (world) => ({
    params: { username: (await newMember(world)).username },
    body: { is_active: false },
  }),

  listOwnSessions: () => ({}),
  endOwnSession: async ({ hub }, whose) => {
    await hub.signIn(whose.username, whose.password);
    type Listed = { results: { id: string; is_current: boolean }[] };
    const { results } = await hub.must<Listed>(whose, 'GET', '/v2/user/sessions');
    return { params: { id: results.find(({ is_current }) => !is_current)?.id ?? '' } };
  },

  createPersonalToken: () => ({ body: { token_label: unique('made'), scopes: ['repo:read'] } }),
  listPersonalTokens: () => ({}),
  getPersonalToken: async (world, whose) => ({ params: { uuid: await newPersonalToken(world, whose) } }),
  updatePersonalToken: async (world, whose) => ({
    params: { uuid: await newPersonalToken(world, whose) },
    body: { token_label: 'renamed' },
  }),
  deletePersonalToken: async (world, whose) => ({ params: { uuid: await newPersonalToken(world, whose) } }),

  listOrganizations: () => ({}),
  createOrganization: ({ member }) => ({ body: { orgname: unique('org'), owner: member.username } }),
  getOrganization: () => inAcme,
  updateOrganization: () => ({ ...inAcme, body: { company: 'Acme' } }),
  getSettings: () => inAcme,
  setSettings: () => ({
    ...inAcme,
    body: { restricted_images: { enabled: true, allow_official_images: true, allow_verified_publishers: true } },
  }),

  getImageAccess: () => inAcme,
  setImageAccess: () => ({ ...inAcme, body: policy }),
  updateImageAccess: () => ({ ...inAcme, body: { allow_official_images: true } }),
  checkImageAccess: () => ({ ...inAcme, query: { reference: 'alpine:3' } }),
  previewImageAccess: () => ({ ...inAcme, body: policy }),
  listImageAccessVersions: () => inAcme,
  getImageAccessVersion: () => ({ params: { org, version: '1' } }),
  diffImageAccessVersions: () => ({ params: { org, version: '2' }, query: { against: '1' } }),
  restoreImageAccessVersion: () => ({ params: { org, version: '2' } }),
  getRegistryAccess: () => inAcme,
  setRegistryAccess: () => ({
    ...inAcme,
    body: { enabled: false, standard_registries: [{ id: 'DockerHub', allowed: true }], custom_registries: [] },
  }),

  exportMembers: () => inAcme,
  listMembers: () => inAcme,
  updateMember: async (world) => ({
    params: { org, username: (await newMember(world)).username },
    body: { role: 'editor' },
  }),
  removeMember: async (world) => ({ params: { org, username: (await newMember(world)).username } }),

  inviteMembers: () => ({ body: { org, invitees: [`${unique('guest')}@acme.example`], role: 'member', team: '' } }),
  listInvites: () => inAcme,
  resendInvite: async (world) => ({ params: { id: (await newInvite(world)).id } }),
  createInviteLink: async (world) => ({ params: { id: (await newInvite(world)).id } }),
  cancelInvite: async (world) => ({ params: { id: (await newInvite(world)).id } }),
  viewInvitation: async (world) => ({ body: { token: (await newInvite(world)).token } }),
  acceptInvitation: async (world) => ({
    body: {
      token: (await newInvite(world)).token,
      account: { username: unique('guest'), password: 'a password of some length' },
    },
  }),

  listGroups: () => inAcme,
  createGroup: () => ({ ...inAcme, body: { id: 0, uuid: '', name: unique('team'), description: '', member_count: 0 } }),
  getGroup: async (world) => ({ params: { org, team: await newTeam(world) } }),
  replaceGroup: async (world) => ({ params: { org, team: await newTeam(world) }, body: { name: unique('team') } }),
  updateGroup: async (world) => ({ params: { org, team: await newTeam(world) }, body: { description: 'new' } }),
  deleteGroup: async (world) => ({ params: { org, team: await newTeam(world) } }),
  listGroupMembers: async (world) => ({ params: { org, team: await newTeam(world) } }),
  addGroupMember: async (world) => ({
    params: { org, team: await newTeam(world) },
    body: { member: world.member.username },
  }),
  removeGroupMember: async (world) => {
    const team = await newTeam(world);
    const { username } = world.member;
    await world.hub.must(world.owner, 'POST', `/v2/orgs/acme/groups/${team}/members`, { member: username });
    return { params: { org, team, username } };
  },

  createOrganizationToken: () => ({ ...inAcme, body: { label: unique('made'), resources: oneResource } }),
  listOrganizationTokens: () => inAcme,
  getOrganizationToken: async (world) => ({ params: { org, id: await newOrganizationToken(world) } }),
  updateOrganizationToken: async (world) => ({
    params: { org, id: await newOrganizationToken(world) },
    body: { is_active: false },
  }),
  deleteOrganizationToken: async (world) => ({ params: { org, id: await newOrganizationToken(world) } }),
  listMemberTokens: () => inAcme,
  revokeMemberToken: async (world) => ({ params: { org, id: await newPersonalToken(world, world.member) } }),
  getTokenRules: () => inAcme,
  setTokenRules: () => ({ ...inAcme, body: { maximum_days: null, allow_password_login: false } }),

  listNamespaces: () => inAcme,
  claimNamespace: () => {
    const namespace = unique('claimed');
    return {
      ...inAcme,
      body: { registry: 'ghcr.io', namespace, proof: { repository: `${namespace}/web`, ...pusher } },
    };
  },
  assignNamespace: () => ({ params: { org, registry: 'ghcr.io', namespace: unique('assigned') } }),
  releaseNamespace: async ({ hub }) => {
    const namespace = unique('released');
    await hub.must(hub.olivia, 'PUT', `/v2/orgs/acme/namespaces/ghcr.io/${namespace}`);
    return { params: { org, registry: 'ghcr.io', namespace } };
  },

  exportPulls: () => ({ ...inAcme, query: { format: 'jsonl' } }),
  getPullStatistics: () => inAcme,
  listPulls: () => ({ ...inAcme, query: { verdict: 'deny' } }),
  getPull: ({ decision }) => ({ params: { org, id: decision } }),
  getDecision: ({ decision }) => ({ params: { id: decision } }),

  listAuditLogs: () => ({ ...inAcme, query: { page_size: '5' } }),
  listAuditActions: () => inAcme,
  exportActivity: () => ({ ...inAcme, query: { format: 'jsonl', action: 'org.create' } }),
  listActivity: () => ({ ...inAcme, query: { limit: '5' } }),
  verifyActivity: () => ({}),
  listDeliveries: () => ({}),

  getSignInEnforcement: () => inAcme,
  setSignInEnforcement: () => ({ ...inAcme, body: { enforce: true } }),
  listConnections: () => inAcme,
  // Two connections cannot have one domain.
  createConnection: async ({ hub, connection }) => {
    const path = '/v2/orgs/acme/sso/connections';
    type Listed = { results: { id: string }[] };
    for (const { id } of (await hub.must<Listed>(hub.olivia, 'GET', path)).results) {
      if (id !== connection) await hub.must(hub.olivia, 'DELETE', `${path}/${id}`);
    }
    return { ...inAcme, body: { ...saml, name: unique('idp'), saml: { ...saml.saml, certificate: hub.ca } } };
  },
  getConnection: ({ connection: id }) => ({ params: { org, id } }),
  updateConnection: ({ connection: id }) => ({ params: { org, id }, body: { name: unique('renamed') } }),
  deleteConnection: async (world) => {
    const { hub } = world;
    const { params, body } = await examples.createConnection(world, world.owner);
    const path = `/v2/orgs/${params?.['org']}/sso/connections`;
    const { id } = await hub.must<{ id: string }>(hub.olivia, 'POST', path, body);
    return { params: { org, id } };
  },
  createScimToken: async (world) => await examples.deleteConnection(world, world.owner),
  deleteScimToken: async (world) => {
    const { hub } = world;
    const { params = {} } = await examples.deleteConnection(world, world.owner);
    await hub.must(hub.olivia, 'POST', `/v2/orgs/acme/sso/connections/${params['id']}/scim-token`);
    return { params };
  },
  listDomains: () => inAcme,
  addDomain: () => ({ ...inAcme, body: { domain: `${unique('domain')}.example` } }),
  verifyDomain: () => ({ params: { org, domain: 'acme.example' } }),
  removeDomain: async (world) => ({ params: { org, domain: await newDomain(world) } }),

  getScimConfiguration: () => ({}),
  listScimResourceTypes: () => ({}),
  getScimResourceType: () => ({ params: { id: 'User' } }),
  listScimSchemas: () => ({}),
  getScimSchema: () => ({ params: { id: userSchema } }),
  listScimUsers: () => ({ query: { count: '2', filter: 'userName sw "staff"' } }),
  createScimUser: () => ({ body: { schemas: [userSchema], userName: `${unique('staff')}@staff.example` } }),
  getScimUser: async (world) => ({ params: { id: (await newMember(world)).id } }),
  replaceScimUser: async (world) => ({
    params: { id: (await newMember(world)).id },
    body: { schemas: [userSchema], name: { givenName: 'New', familyName: 'Name' } },
  }),
  patchScimUser: async (world) => ({
    params: { id: (await newMember(world)).id },
    body: { schemas: [patchSchema], Operations: [{ op: 'replace', path: 'active', value: false }] },
  }),
  deleteScimUser: async (world) => ({ params: { id: (await newMember(world)).id } }),
  listScimGroups: () => ({}),
  createScimGroup: () => ({ body: { schemas: [groupSchema], displayName: unique('crew') } }),
  getScimGroup: async (world) => ({ params: { id: await newScimGroup(world) } }),
  replaceScimGroup: async (world) => ({
    params: { id: await newScimGroup(world) },
    body: { schemas: [groupSchema], displayName: unique('crew') },
  }),
  patchScimGroup: async (world) => ({
    params: { id: await newScimGroup(world) },
    body: { schemas: [patchSchema], Operations: [{ op: 'replace', path: 'displayName', value: unique('crew') }] },
  }),
  deleteScimGroup: async (world) => ({ params: { id: await newScimGroup(world) } }),

  listRepositoryNamespaces: () => ({}),
  listRepositories: () => ({ params: { namespace: 'acme' } }),
  getRepository: () => ({ params: inRepository }),
  listTags: () => ({ params: inRepository }),
  getTag: () => ({ params: { ...inRepository, tag: 'latest' } }),
  listTagImages: () => ({ params: { ...inRepository, tag: 'latest' } }),

  getCategory: () => ({ params: { registry: 'docker.io', repository: 'library/alpine' } }),
  getSetUp: () => ({}),
  setUp: () => ({
    body: {
      token: 'x'.repeat(43),
      username: unique('first'),
      email: 'first@acme.example',
      password: 'a password of some length',
      orgname: unique('first'),
    },
  }),
  getStatus: () => ({}),
};
