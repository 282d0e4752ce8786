import type { TeamBody } from '@pullgate/contract';
import type { Role } from '@pullgate/policy';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, messageOf } from '../app/client.ts';
import { useNotice } from '../components/notice.tsx';
import type { TeamsSearch } from './teams-search.ts';

/** Rows of one page. */
export const pageSize = 50;

/** The team whose members are the owners: it keeps its name and its role. */
export const ownersTeam = 'owners';

type TeamMemberPage = Awaited<ReturnType<typeof client.listGroupMembers>>;

/** Everything of the organization's teams. */
const teamsKey = (org: string) => ['teams', org] as const;
const oneTeamKey = (org: string, team: string) => [...teamsKey(org), 'one', team] as const;

function pageQuery({ search, page = 1 }: TeamsSearch) {
  return { page, page_size: pageSize, ...(search !== undefined && { search }) };
}

export const teamsQuery = (org: string, search: TeamsSearch) =>
  queryOptions({
    queryKey: [...teamsKey(org), 'list', pageQuery(search)],
    queryFn: ({ signal }) => client.listGroups({ params: { org }, query: pageQuery(search) }, { signal }),
    placeholderData: keepPreviousData,
  });

export const teamQuery = (org: string, team: string) =>
  queryOptions({
    queryKey: oneTeamKey(org, team),
    queryFn: ({ signal }) => client.getGroup({ params: { org, team } }, { signal }),
  });

const teamMembersKey = (org: string, team: string) => [...oneTeamKey(org, team), 'members'] as const;

export const teamMembersQuery = (org: string, team: string, search: TeamsSearch) =>
  queryOptions({
    queryKey: [...teamMembersKey(org, team), pageQuery(search)],
    queryFn: ({ signal }) => client.listGroupMembers({ params: { org, team }, query: pageQuery(search) }, { signal }),
    placeholderData: keepPreviousData,
  });

export interface MappedGroup {
  readonly group: string;
  /** Name of the single sign-on connection. */
  readonly connection: string;
}

/** Groups of identity providers whose members this team has. Only owners are told. */
export const mappedGroupsQuery = (org: string, team: string) =>
  queryOptions({
    queryKey: ['single-sign-on', org, 'mapped-groups', team],
    queryFn: async ({ signal }): Promise<readonly MappedGroup[]> => {
      const { results } = await client.listConnections({ params: { org } }, { signal });
      return results.flatMap(({ name: connection, group_mappings: mappings }) =>
        mappings.filter((mapping) => mapping.team === team).map(({ group }) => ({ group, connection })),
      );
    },
  });

export interface TeamValues {
  readonly name: string;
  readonly description: string;
  /** What its members have at least. */
  readonly role: Role;
}

export function useCreateTeam(org: string, values: TeamValues, onCreated: (team: TeamBody) => void) {
  const queries = useQueryClient();
  return useMutation({
    async mutationFn() {
      const { name, description, role } = values;
      const team = await client.createGroup({ params: { org }, body: { name, description } });
      if (role === 'member') return team;
      return client.updateGroup({ params: { org, team: name }, body: { role } });
    },
    onSuccess: onCreated,
    onSettled: () => queries.invalidateQueries({ queryKey: teamsKey(org) }),
  });
}

/** Its answer is the team, maybe under a new name. */
export function useUpdateTeam(
  org: string,
  team: TeamBody,
  values: Partial<TeamValues>,
  onUpdated: (team: TeamBody) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.updateGroup({ params: { org, team: team.name }, body: values }),
    onSuccess(updated) {
      queries.setQueryData(teamQuery(org, updated.name).queryKey, updated);
      onUpdated(updated);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: teamsKey(org) }),
  });
}

export function useDeleteTeam(org: string, team: string, onDeleted: () => Promise<void>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.deleteGroup({ params: { org, team } }),
    async onSuccess() {
      await onDeleted();
      queries.removeQueries({ queryKey: oneTeamKey(org, team) });
      await queries.invalidateQueries({ queryKey: teamsKey(org) });
    },
  });
}

interface Membership {
  /** User name. */
  readonly member: string;
  /** Whether to be in the team. */
  readonly isIn: boolean;
}

/** Puts somebody into a team or takes them out, with a notice that takes it back. Who leaves is gone from the list at once. */
export function useTeamMembership(org: string, team: string) {
  const queries = useQueryClient();
  const notify = useNotice();
  const queryKey = teamMembersKey(org, team);
  const change = useMutation({
    async mutationFn({ member, isIn }: Membership) {
      if (isIn) await client.addGroupMember({ params: { org, team }, body: { member } });
      else await client.removeGroupMember({ params: { org, team, username: member } });
    },
    async onMutate({ member, isIn }) {
      if (isIn) return [];
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueriesData<TeamMemberPage>({ queryKey });
      queries.setQueriesData<TeamMemberPage>({ queryKey }, (page) => page && without(page, member));
      return before;
    },
    onError(error, _change, before) {
      for (const [key, page] of before ?? []) queries.setQueryData(key, page);
      notify({ text: messageOf(error), severity: 'error' });
    },
    onSuccess(_answer, { member, isIn }) {
      const text = isIn ? `${member} is in ${team} now.` : `${member} is no longer in ${team}.`;
      notify({ text, undo: () => change.mutate({ member, isIn: !isIn }) });
    },
    async onSettled() {
      await queries.invalidateQueries({ queryKey: teamsKey(org) });
      await queries.invalidateQueries({ queryKey: ['members', org] });
    },
  });
  return change;
}

function without(page: TeamMemberPage, username: string): TeamMemberPage {
  const results = page.results.filter((member) => member.username !== username);
  return { ...page, results, count: page.count - (page.results.length - results.length) };
}
