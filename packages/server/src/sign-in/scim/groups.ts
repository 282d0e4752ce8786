import type { EndpointNamed, Parsed, ScimGroupBody } from '@pullgate/contract';
import { NotFound } from '../../administration-error.ts';
import type { Member } from '../../organizations/members.ts';
import type { Team } from '../../teams/team.ts';
import { schemas } from './descriptions.ts';
import { parseFilter } from './filter.ts';
import { type AttributeChange, changesOf, textOf } from './patch.ts';
import {
  type Listed,
  listed,
  type ScimCall,
  type ScimOptions,
  scimTime,
  withDashes,
  withoutDashes,
} from './provisioned.ts';
import { ScimError } from './scim-error.ts';

const everything = { offset: 0, limit: Number.MAX_SAFE_INTEGER };
const memberFilter = /^\s*value\s+eq\s+"([^"]{1,100})"\s*$/i;

/** Teams of an organization, as SCIM groups. */
export function createScimGroups({ administration }: ScimOptions) {
  const { teams, members, people } = administration;

  async function requireTeam({ organization }: ScimCall, id: string): Promise<Team> {
    const { items } = await teams.page(organization, everything);
    const team = items.find(({ uuid }) => uuid === id.toLowerCase());
    if (team) return team;
    throw new NotFound('The team was not found.');
  }

  async function membersOf({ organization }: ScimCall, { name }: Pick<Team, 'name'>): Promise<readonly Member[]> {
    return (await teams.members(organization, name, everything)).items;
  }

  async function body(call: ScimCall, team: Team): Promise<ScimGroupBody> {
    const time = scimTime(team.createdAt);
    return {
      schemas: [schemas.group],
      id: team.uuid,
      displayName: team.name,
      members: (await membersOf(call, team)).map(({ personId, username }) => ({
        value: withDashes(personId),
        display: username,
      })),
      meta: {
        resourceType: 'Group',
        location: `${call.baseUrl}/Groups/${team.uuid}`,
        created: time,
        lastModified: time,
      },
    };
  }

  /** Undefined when it is the id of no member. */
  async function usernameOf({ organization }: ScimCall, id: string): Promise<string | undefined> {
    try {
      const { username } = await people.byId(withoutDashes(id));
      return (await members.find(organization, username)).username;
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  /** @throws ScimError for whoever is no member */
  async function usernamesOf(call: ScimCall, values: readonly { readonly value: string }[]): Promise<Set<string>> {
    const names = new Set<string>();
    for (const { value } of values) {
      const username = await usernameOf(call, value);
      if (username !== undefined) names.add(username);
      else throw new ScimError(400, `${value} is the id of no member of ${call.organization}.`, 'invalidValue');
    }
    return names;
  }

  async function setMembers(call: ScimCall, team: string, wanted: ReadonlySet<string>): Promise<void> {
    const { organization, actor } = call;
    const present = new Set((await membersOf(call, { name: team })).map(({ username }) => username));
    for (const username of wanted) {
      if (!present.has(username)) await teams.addMember(organization, team, username, actor);
    }
    for (const username of present) {
      if (!wanted.has(username)) await teams.removeMember(organization, team, username, actor);
    }
  }

  return {
    async list(
      call: ScimCall,
      query: Parsed<EndpointNamed<'listScimGroups'>>['query'],
    ): Promise<Listed<ScimGroupBody>> {
      const { items } = await teams.page(call.organization, everything);
      const matches = query.filter === undefined ? () => true : parseFilter(query.filter);
      const found = items.filter(({ uuid, name }) => matches({ id: uuid, displayname: name }));
      if (query.sortOrder === 'descending') found.reverse();
      const page = listed(found, query.startIndex, Math.min(query.count, 200));
      const Resources: ScimGroupBody[] = [];
      for (const team of page.Resources) Resources.push(await body(call, team));
      return { ...page, Resources };
    },

    find: async (call: ScimCall, id: string) => body(call, await requireTeam(call, id)),

    async create(call: ScimCall, input: Parsed<EndpointNamed<'createScimGroup'>>['body']): Promise<ScimGroupBody> {
      const wanted = await usernamesOf(call, input.members);
      const team = await teams.create(call.organization, { name: input.displayName }, call.actor);
      await setMembers(call, team.name, wanted);
      return body(call, team);
    },

    async replace(
      call: ScimCall,
      id: string,
      input: Parsed<EndpointNamed<'replaceScimGroup'>>['body'],
    ): Promise<ScimGroupBody> {
      const team = await requireTeam(call, id);
      const wanted = await usernamesOf(call, input.members);
      await rename(call, team, input.displayName);
      await setMembers(call, input.displayName, wanted);
      return body(call, await requireTeam(call, id));
    },

    async patch(
      call: ScimCall,
      id: string,
      { Operations }: Parsed<EndpointNamed<'patchScimGroup'>>['body'],
    ): Promise<ScimGroupBody> {
      const team = await requireTeam(call, id);
      const changes = changesOf(Operations);
      const named = changes.findLast(({ attribute, op }) => attribute === 'displayname' && op !== 'remove');
      const name = named ? textOf(named.value) : team.name;
      const wanted = new Set((await membersOf(call, team)).map(({ username }) => username));
      for (const change of changes) {
        if (change.attribute === 'members') await changeMembers(call, wanted, change);
      }
      await rename(call, team, name);
      await setMembers(call, name, wanted);
      return body(call, await requireTeam(call, id));
    },

    async remove(call: ScimCall, id: string): Promise<void> {
      const { name } = await requireTeam(call, id);
      await teams.delete(call.organization, name, call.actor);
    },
  };

  async function changeMembers(
    call: ScimCall,
    wanted: Set<string>,
    { op, filter, value }: AttributeChange,
  ): Promise<void> {
    const values = memberValues(filter, value);
    if (op === 'remove') {
      if (filter === undefined && value === undefined) wanted.clear();
      // Whoever left the organization has left the team already.
      for (const { value: id } of values) wanted.delete((await usernameOf(call, id)) ?? '');
      return;
    }
    const named = await usernamesOf(call, values);
    if (op === 'replace') wanted.clear();
    for (const username of named) wanted.add(username);
  }

  async function rename({ organization, actor }: ScimCall, team: Team, name: string): Promise<void> {
    if (name !== team.name) await teams.update(organization, team.name, { name }, actor);
  }
}

/** `[{ "value": "…" }]`, one of them alone, or `members[value eq "…"]`. @throws ScimError */
function memberValues(filter: string | undefined, value: unknown): { readonly value: string }[] {
  if (filter !== undefined) {
    const [, id] = memberFilter.exec(filter) ?? [];
    if (id === undefined) throw new ScimError(400, 'Members are picked by: members[value eq "…"]', 'invalidFilter');
    return [{ value: id }];
  }
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((one) => {
    if (typeof one === 'object' && one !== null && 'value' in one) return { value: textOf(one.value) };
    throw new ScimError(400, 'A member is written { "value": "<id of the person>" }.', 'invalidValue');
  });
}
