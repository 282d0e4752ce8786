import { goBool, goInt, goSlice, goString, goStruct } from './go-json.ts';
import { type Provider, saysGone } from './terraform-provider.ts';

// What each resource of Docker's Terraform provider sends and reads, step by step, with the zero fields that Go writes.

/** A resource as Terraform drives it. Attributes of the configuration come back in the state under the same names. */
export interface Resource<Config, State extends Config> {
  create(config: Config): Promise<State>;
  /** Undefined: it is gone, and will be created anew. */
  read(state: State): Promise<State | undefined>;
  update(config: Config, state: State): Promise<State>;
  delete(state: State): Promise<void>;
}

async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (saysGone(error)) return undefined;
    throw error;
  }
}

export interface ImageAccess {
  readonly org_name: string;
  readonly enabled: boolean;
  readonly allow_official_images: boolean;
  readonly allow_verified_publishers: boolean;
}

export function imageAccessManagement({ call }: Provider): Resource<ImageAccess, ImageAccess> {
  const settings = goStruct({
    restricted_images: goStruct({
      enabled: goBool,
      allow_official_images: goBool,
      allow_verified_publishers: goBool,
    }),
  });
  const read = async ({ org_name }: ImageAccess): Promise<ImageAccess> => {
    const { restricted_images } = await call('GET', `/orgs/${org_name}/settings/`, { decode: settings });
    return { org_name, ...restricted_images };
  };
  const write = async (config: ImageAccess): Promise<ImageAccess> => {
    const { org_name, ...restricted_images } = config;
    await call('PUT', `/orgs/${org_name}/settings`, { body: { restricted_images } });
    return read(config);
  };
  return {
    create: write,
    read,
    update: write,
    async delete({ org_name }) {
      await write({ org_name, enabled: false, allow_official_images: true, allow_verified_publishers: true });
    },
  };
}

export interface RegistryAccess {
  readonly org_name: string;
  readonly enabled: boolean;
  readonly standard_registry_docker_hub: { readonly allowed: boolean };
  readonly custom_registries: readonly {
    readonly address: string;
    readonly friendly_name: string;
    readonly allowed: boolean;
  }[];
}

export function registryAccessManagement({ call }: Provider): Resource<RegistryAccess, RegistryAccess> {
  const settings = goStruct({
    enabled: goBool,
    standard_registries: goSlice(goStruct({ id: goString, allowed: goBool })),
    custom_registries: goSlice(goStruct({ address: goString, friendly_name: goString, allowed: goBool })),
  });
  const pathOf = (organization: string) => `/orgs/${organization}/settings/registry-access-management`;
  const read = async ({ org_name }: RegistryAccess): Promise<RegistryAccess> => {
    const found = await call('GET', pathOf(org_name), { decode: settings });
    const hub = found.standard_registries.find(({ id }) => id === 'DockerHub');
    if (!hub) throw new Error('DockerHub is missing in standard_registries.');
    const { enabled, custom_registries } = found;
    return { org_name, enabled, standard_registry_docker_hub: { allowed: hub.allowed }, custom_registries };
  };
  const write = async (config: RegistryAccess): Promise<RegistryAccess> => {
    const { org_name, enabled, standard_registry_docker_hub, custom_registries } = config;
    const standard_registries = [{ id: 'DockerHub', allowed: standard_registry_docker_hub.allowed }];
    await call('PUT', pathOf(org_name), { body: { enabled, standard_registries, custom_registries } });
    return read(config);
  };
  return {
    create: write,
    read,
    update: write,
    async delete({ org_name }) {
      const standard_registry_docker_hub = { allowed: true };
      await write({ org_name, enabled: false, standard_registry_docker_hub, custom_registries: [] });
    },
  };
}

export interface Team {
  readonly org_name: string;
  readonly team_name: string;
  readonly team_description: string;
}

export function orgTeam({ call }: Provider): Resource<Team, Team & { readonly id: number }> {
  const team = goStruct({ id: goInt, uuid: goString, name: goString, description: goString, member_count: goInt });
  /** As Go writes the same struct: with everything that is not set. */
  const bodyOf = ({ team_name, team_description }: Team) => ({
    id: 0,
    uuid: '',
    name: team_name,
    description: team_description,
    member_count: 0,
  });
  const stateOf = (org_name: string, { id, name, description }: ReturnType<typeof team>) => {
    return { org_name, team_name: name, team_description: description, id };
  };
  return {
    async create(config) {
      const { org_name } = config;
      return stateOf(org_name, await call('POST', `/orgs/${org_name}/groups/`, { body: bodyOf(config), decode: team }));
    },
    async read({ org_name, team_name }) {
      const found = await unlessGone(call('GET', `/orgs/${org_name}/groups/${team_name}/`, { decode: team }));
      return found && stateOf(org_name, found);
    },
    async update(config, { org_name, team_name }) {
      const body = bodyOf(config);
      return stateOf(org_name, await call('PATCH', `/orgs/${org_name}/groups/${team_name}/`, { body, decode: team }));
    },
    async delete({ org_name, team_name }) {
      await unlessGone(call('DELETE', `/orgs/${org_name}/groups/${team_name}/`));
    },
  };
}

export interface TeamMember {
  readonly org_name: string;
  readonly team_name: string;
  readonly user_name: string;
}

/** People, as every list of them is decoded. */
export const person = goStruct({
  id: goString,
  username: goString,
  full_name: goString,
  location: goString,
  company: goString,
  profile_url: goString,
  date_joined: goString,
  gravatar_url: goString,
  gravatar_email: goString,
  type: goString,
  email: goString,
  primary_email: goString,
  role: goString,
  groups: goSlice(goString),
  is_guest: goBool,
});

export function orgTeamMember({ call, list }: Provider): Resource<TeamMember, TeamMember> {
  const read = async (state: TeamMember): Promise<TeamMember | undefined> => {
    const { org_name, team_name, user_name } = state;
    const people = await list(`/orgs/${org_name}/groups/${team_name}/members/`, person);
    return people.some(({ username }) => username === user_name) ? state : undefined;
  };
  return {
    async create(config) {
      const { org_name, team_name, user_name } = config;
      await call('POST', `/orgs/${org_name}/groups/${team_name}/members/`, { body: { member: user_name } });
      return config;
    },
    read,
    async update() {
      throw new Error('A change of a team member replaces it.');
    },
    async delete({ org_name, team_name, user_name }) {
      await call('DELETE', `/orgs/${org_name}/groups/${team_name}/members/${user_name}`);
    },
  };
}

export interface Member {
  readonly org_name: string;
  readonly role: 'owner' | 'editor' | 'member';
  readonly user_name?: string;
  readonly email?: string;
}
export type MemberState = Member & { readonly invite_id: string };

export function orgMember({ call, list }: Provider): Resource<Member, MemberState> {
  const invite = { id: goString, inviter_username: goString, invitee: goString, org: goString, team: goString };
  const wholeInvite = goStruct({ ...invite, role: goString, created_at: goString });
  const invites = goStruct({ data: goSlice(wholeInvite) });
  const bulk = goStruct({
    invitees: goSlice(goStruct({ invitee: goString, status: goString, invite: wholeInvite })),
  });
  const nameOf = ({ user_name = '', email = '' }: Member) => user_name || email;

  async function lookUp(state: Member) {
    const { org_name } = state;
    const name = nameOf(state);
    const members = await list(`/orgs/${org_name}/members`, person);
    const member = members.find(({ username, email }) => username === name || email === name);
    if (member) return { member };
    const { data } = await call('GET', `/orgs/${org_name}/invites`, { decode: invites });
    return { invite: data.find(({ invitee }) => invitee === name) };
  }

  async function setRole(config: Member, { username, role }: ReturnType<typeof person>): Promise<MemberState> {
    if (role.toLowerCase() !== config.role) {
      await call('PUT', `/orgs/${config.org_name}/members/${username}/`, { body: { role: config.role } });
    }
    return { ...config, invite_id: '' };
  }

  return {
    async create(config) {
      const { member } = await lookUp(config);
      if (member) return setRole(config, member);
      const { org_name: org, role } = config;
      const body = { org, team: '', invitees: [nameOf(config)], role, dry_run: false };
      const [first] = (await call('POST', '/invites/bulk', { body, decode: bulk })).invitees;
      if (!first) throw new Error('The answer to the invitation has no invitees.');
      if (first.invite.id === '') throw new Error('invite_id is unknown after apply');
      return { ...config, invite_id: first.invite.id };
    },
    async read(state) {
      const { member, invite: pending } = await lookUp(state);
      if (member) return { ...state, role: member.role.toLowerCase() as Member['role'], invite_id: state.invite_id };
      if (pending) return { ...state, role: pending.role as Member['role'], invite_id: pending.id };
      throw new Error(`Member not found in ${state.org_name}`);
    },
    async update(config, state) {
      const { member } = await lookUp(state);
      if (!member) throw new Error('A pending invite cannot be changed.');
      return { ...(await setRole(config, member)), invite_id: state.invite_id };
    },
    async delete(state) {
      const { org_name, invite_id } = state;
      if (invite_id !== '') {
        try {
          return await call('DELETE', `/invites/${invite_id}`);
        } catch {
          // It was accepted, so there is a member to remove.
        }
      }
      await call('DELETE', `/orgs/${org_name}/members/${nameOf(state)}/`);
    },
  };
}

export interface AccessToken {
  readonly token_label: string;
  readonly scopes: readonly string[];
  readonly expires_at?: string;
  readonly is_active?: boolean;
}
export type AccessTokenState = AccessToken & { readonly uuid: string; readonly token: string };

/** Personal access tokens, as a resource and as data sources read them. */
export const accessToken = goStruct({
  uuid: goString,
  client_id: goString,
  creator_ip: goString,
  creator_ua: goString,
  created_at: goString,
  last_used: goString,
  generated_by: goString,
  is_active: goBool,
  token: goString,
  token_label: goString,
  scopes: goSlice(goString),
  expires_at: goString,
});

export function personalAccessToken({ call }: Provider): Resource<AccessToken, AccessTokenState> {
  const stateOf = (found: ReturnType<typeof accessToken>, token: string): AccessTokenState => {
    const { uuid, is_active, token_label, scopes, expires_at } = found;
    return { uuid, is_active, token_label, scopes, token, ...(expires_at !== '' && { expires_at }) };
  };
  return {
    async create({ token_label, scopes, expires_at }) {
      const body = { token_label, scopes, ...(expires_at !== undefined && { expires_at }) };
      const created = await call('POST', '/access-tokens', { body, decode: accessToken });
      return stateOf(created, created.token);
    },
    async read({ uuid, token }) {
      const found = await unlessGone(call('GET', `/access-tokens/${uuid}`, { decode: accessToken }));
      return found && stateOf(found, token);
    },
    async update({ token_label, is_active = true }, { uuid, token }) {
      const body = { token_label, is_active };
      return stateOf(await call('PATCH', `/access-tokens/${uuid}`, { body, decode: accessToken }), token);
    },
    async delete({ uuid }) {
      await unlessGone(call('DELETE', `/access-tokens/${uuid}`));
    },
  };
}

export interface OrganizationAccessToken {
  readonly org_name: string;
  readonly label: string;
  readonly description: string;
  readonly resources: readonly { readonly type: string; readonly path: string; readonly scopes: readonly string[] }[];
  readonly expires_at?: string;
}
export type OrganizationAccessTokenState = OrganizationAccessToken & { readonly id: string; readonly token: string };

export function orgAccessToken({ call }: Provider): Resource<OrganizationAccessToken, OrganizationAccessTokenState> {
  const shape = goStruct({
    id: goString,
    label: goString,
    description: goString,
    is_active: goBool,
    created_at: goString,
    created_by: goString,
    expires_at: goString,
    last_used_at: goString,
    token: goString,
    resources: goSlice(goStruct({ type: goString, path: goString, scopes: goSlice(goString) })),
  });
  const stateOf = (org_name: string, found: ReturnType<typeof shape>, token: string) => {
    const { id, label, description, resources, expires_at } = found;
    return { org_name, id, label, description, resources, token, ...(expires_at !== '' && { expires_at }) };
  };
  return {
    async create({ org_name, label, description, resources, expires_at }) {
      const body = { label, description, resources, ...(expires_at !== undefined && { expires_at }) };
      const created = await call('POST', `/orgs/${org_name}/access-tokens`, { body, decode: shape });
      return stateOf(org_name, created, created.token);
    },
    async read({ org_name, id, token }) {
      const found = await unlessGone(call('GET', `/orgs/${org_name}/access-tokens/${id}`, { decode: shape }));
      return found && stateOf(org_name, found, token);
    },
    async update({ org_name, label, description, resources }, { id, token }) {
      const body = { label, description, resources };
      const changed = await call('PATCH', `/orgs/${org_name}/access-tokens/${id}`, { body, decode: shape });
      return stateOf(org_name, changed, token);
    },
    async delete({ org_name, id }) {
      await unlessGone(call('DELETE', `/orgs/${org_name}/access-tokens/${id}`));
    },
  };
}
