import { dockerExtension, type EndpointNamed, type Parsed, type ScimUserBody } from '@pullgate/contract';
import { LastOwner, NotFound } from '../../administration-error.ts';
import type { Member } from '../../organizations/members.ts';
import { takeAddress } from '../take-address.ts';
import { schemas } from './descriptions.ts';
import { type Attributes, parseFilter } from './filter.ts';
import { changesOf, flagOf, textOf } from './patch.ts';
import {
  type Listed,
  listed,
  requireOwnAddress,
  type ScimCall,
  type ScimOptions,
  scimTime,
  withDashes,
  withoutDashes,
} from './provisioned.ts';
import { ScimError } from './scim-error.ts';

type UserInput = Parsed<EndpointNamed<'replaceScimUser'>>['body'];

/** What is asked of a person; what is absent stays. */
interface Wish {
  readonly userName?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly formatted?: string;
  readonly active?: boolean;
  readonly externalId?: string;
  readonly role?: 'member' | 'editor' | 'owner';
}

/** People of an organization, as SCIM users. */
export function createScimUsers({ administration, connections, store, now }: ScimOptions) {
  const { members, people, teams, provisioning } = administration;

  async function teamIds({ organization }: ScimCall): Promise<ReadonlyMap<string, string>> {
    const { items } = await teams.page(organization, { offset: 0, limit: Number.MAX_SAFE_INTEGER });
    return new Map(items.map(({ name, uuid }) => [name, uuid]));
  }

  async function bodies(call: ScimCall, found: readonly Member[]): Promise<ScimUserBody[]> {
    const [ids, externalIds] = [await teamIds(call), await connections.externalIds(call.connection.id)];
    return found.map((member) => {
      const externalId = externalIds.get(member.personId);
      return { ...toUser(call, member, ids), ...(externalId !== undefined && { externalId }) };
    });
  }

  async function body(call: ScimCall, username: string): Promise<ScimUserBody> {
    const [user] = await bodies(call, [await members.find(call.organization, username)]);
    if (user === undefined) throw new NotFound('The person was not found.');
    return user;
  }

  /** @throws NotFound for whoever is no member, the same as for nobody: ids of other organizations tell no names */
  async function requireUser({ organization }: ScimCall, id: string): Promise<Member> {
    try {
      const { username } = await people.byId(withoutDashes(id));
      return await members.find(organization, username);
    } catch (error) {
      throw error instanceof NotFound ? new NotFound('The person was not found.') : error;
    }
  }

  /** Somebody who is needed elsewhere, where nobody may know of it, leaves this organization instead. */
  async function switchOff({ organization, actor }: ScimCall, username: string): Promise<void> {
    try {
      await people.setActive(username, false, actor);
    } catch (error) {
      if (!(error instanceof LastOwner)) throw error;
      await members.remove(organization, username, actor);
    }
  }

  async function apply(call: ScimCall, member: Member, wish: Wish): Promise<ScimUserBody> {
    requireOwnAddress(call, member.email);
    const { organization, actor, connection } = call;
    const email = wish.userName?.toLowerCase();
    if (email !== undefined) requireOwnAddress(call, email);
    const profile = { name: nameOf(wish, member.name), ...(email !== undefined && { email }) };
    await people.updateProfile(member.username, profile, actor);
    // The organization answers for the address of an account that it made. One that had a way to sign in before may be
    // somebody else's, who took up the invitation: whoever then comes by single sign-on would share it with them.
    if (!(await store.canSignIn(member.personId))) await store.setEmailVerified(member.personId, now());
    if (wish.externalId !== undefined) await connections.setExternalId(connection.id, member.personId, wish.externalId);
    if (wish.role !== undefined) await members.changeRole(organization, member.username, wish.role, actor);
    return setActive(call, member.username, wish.active);
  }

  async function setActive(call: ScimCall, username: string, active: boolean | undefined): Promise<ScimUserBody> {
    const user = await body(call, username);
    if (active === undefined || active === user.active) return user;
    await (active ? people.setActive(username, true, call.actor) : switchOff(call, username));
    return { ...user, active };
  }

  return {
    async list(call: ScimCall, query: Parsed<EndpointNamed<'listScimUsers'>>['query']): Promise<Listed<ScimUserBody>> {
      const all = await bodies(call, await members.list(call.organization));
      const matches = query.filter === undefined ? () => true : parseFilter(query.filter);
      const found = all.filter((user) => matches(attributesOf(user)));
      if (query.sortBy !== undefined) sortBy(found, query.sortBy.toLowerCase(), query.sortOrder === 'descending');
      return listed(found, query.startIndex, Math.min(query.count, 200));
    },

    find: async (call: ScimCall, id: string) => body(call, (await requireUser(call, id)).username),

    async create(call: ScimCall, input: Parsed<EndpointNamed<'createScimUser'>>['body']): Promise<ScimUserBody> {
      const { organization, actor, connection } = call;
      const email = input.userName.toLowerCase();
      requireOwnAddress(call, email);
      const extension = input[dockerExtension];
      if (extension?.dockerOrg !== undefined && extension.dockerOrg !== organization) {
        throw new ScimError(
          400,
          `This connection is of ${organization}, not of ${extension.dockerOrg}.`,
          'invalidValue',
        );
      }
      const known = (await store.credentials(email))?.person;
      if (known && (await isMember(organization, known.username))) {
        throw new ScimError(409, `${email} is a member of ${organization} already.`, 'uniqueness');
      }
      if (known && !known.emailVerified) await takeAddress(people, known, actor);
      const { person } = await provisioning.provision(
        organization,
        {
          email,
          name: nameOf(wishOf(input), email.slice(0, email.indexOf('@'))),
          role: extension?.dockerRole ?? connection.defaultRole,
          ...(extension?.dockerTeam !== undefined && { team: extension.dockerTeam }),
        },
        actor,
      );
      await store.setEmailVerified(person.id, now());
      if (input.externalId !== undefined) await connections.setExternalId(connection.id, person.id, input.externalId);
      return setActive(call, person.username, input.active ?? input.enabled ?? true);
    },

    async replace(call: ScimCall, id: string, input: UserInput): Promise<ScimUserBody> {
      return apply(call, await requireUser(call, id), wishOf(input));
    },

    async patch(
      call: ScimCall,
      id: string,
      { Operations }: Parsed<EndpointNamed<'patchScimUser'>>['body'],
    ): Promise<ScimUserBody> {
      return apply(call, await requireUser(call, id), patchWish(Operations));
    },

    /** Whoever is in no organization any more cannot sign in any more either. */
    async remove(call: ScimCall, id: string): Promise<void> {
      const { organization, actor } = call;
      const member = await requireUser(call, id);
      requireOwnAddress(call, member.email);
      await members.remove(organization, member.username, actor);
      const others = await administration.organizations.ofPerson(member.username);
      if (others.length > 0) return;
      try {
        await people.setActive(member.username, false, actor);
      } catch (error) {
        // The last administrator of the installation stays one.
        if (!(error instanceof LastOwner)) throw error;
      }
    },
  };

  async function isMember(organization: string, username: string): Promise<boolean> {
    try {
      await members.find(organization, username);
      return true;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw error;
    }
  }
}

function wishOf(input: Omit<UserInput, 'schemas'>): Wish {
  const { userName, name, externalId } = input;
  const active = input.active ?? input.enabled;
  const role = input[dockerExtension]?.dockerRole;
  return {
    ...(userName !== undefined && { userName }),
    ...(name?.givenName !== undefined && { givenName: name.givenName }),
    ...(name?.familyName !== undefined && { familyName: name.familyName }),
    ...(name?.formatted !== undefined && { formatted: name.formatted }),
    ...(active !== undefined && { active }),
    ...(externalId !== undefined && { externalId }),
    ...(role !== undefined && { role }),
  };
}

/** Attributes that are not kept are ignored, as RFC 7644 section 3.3 allows. */
function patchWish(operations: Parsed<EndpointNamed<'patchScimUser'>>['body']['Operations']): Wish {
  const wish: { -readonly [Key in keyof Wish]: Wish[Key] } = {};
  for (const { op, attribute, value } of changesOf(operations)) {
    if (op === 'remove') continue;
    if (attribute === 'active') wish.active = flagOf(value);
    if (attribute === 'username') wish.userName = textOf(value);
    if (attribute === 'externalid') wish.externalId = textOf(value);
    if (attribute === 'name.givenname') wish.givenName = textOf(value);
    if (attribute === 'name.familyname') wish.familyName = textOf(value);
    if (attribute === 'name.formatted') wish.formatted = textOf(value);
  }
  return wish;
}

/** @param current how the person is called now. */
function nameOf({ givenName, familyName, formatted }: Wish, current: string): string {
  if (givenName === undefined && familyName === undefined) return formatted || current;
  const parts = partsOf(current);
  return `${givenName ?? parts.givenName} ${familyName ?? parts.familyName}`.trim() || current;
}

/** The last word is the family name, as far as anybody can tell. */
function partsOf(name: string): { givenName: string; familyName: string } {
  const space = name.lastIndexOf(' ');
  return space === -1
    ? { givenName: name, familyName: '' }
    : { givenName: name.slice(0, space), familyName: name.slice(space + 1) };
}

function toUser({ baseUrl }: ScimCall, member: Member, teamIds: ReadonlyMap<string, string>): ScimUserBody {
  const { personId, username, name, email, isActive, createdAt } = member;
  const [id, address, time] = [withDashes(personId), email ?? username, scimTime(createdAt)];
  return {
    schemas: [schemas.user],
    id,
    userName: address,
    name: partsOf(name),
    displayName: username,
    active: isActive,
    emails: email === null ? [] : [{ value: email, display: email, primary: true }],
    groups: member.teams.map((team) => ({ value: teamIds.get(team) ?? '', display: team })),
    meta: { resourceType: 'User', location: `${baseUrl}/Users/${id}`, created: time, lastModified: time },
  };
}

function attributesOf(user: ScimUserBody): Attributes {
  return {
    id: user.id,
    externalid: user.externalId ?? '',
    username: user.userName,
    displayname: user.displayName,
    active: user.active,
    'name.givenname': user.name.givenName,
    'name.familyname': user.name.familyName,
    emails: user.emails.map(({ value }) => value),
    groups: user.groups.map(({ value }) => value),
    'meta.created': user.meta.created,
    'meta.lastmodified': user.meta.lastModified,
  };
}

function sortBy(users: ScimUserBody[], attribute: string, isDescending: boolean): void {
  const key = (user: ScimUserBody) => String(attributesOf(user)[attribute] ?? '').toLowerCase();
  users.sort((one, other) => (key(one) < key(other) ? -1 : 1) * (isDescending ? -1 : 1));
}
