import type { MemberBody } from '@pullgate/contract';
import type { Role } from '@pullgate/policy';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, messageOf } from '../app/client.ts';
import { callerQuery, organizationsQuery } from '../app/queries.ts';
import { useNotice } from '../components/notice.tsx';
import type { MembersSearch } from './members-search.ts';

/** Rows of one page. */
export const pageSize = 50;

type MemberPage = Awaited<ReturnType<typeof client.listMembers>>;

const membersKey = (org: string) => ['members', org] as const;

export const membersQuery = (org: string, { search, role, page = 1 }: MembersSearch) => {
  const filters = { ...(search !== undefined && { search }), ...(role !== undefined && { role }) };
  return queryOptions({
    queryKey: [...membersKey(org), filters, page],
    queryFn: ({ signal }) =>
      client.listMembers({ params: { org }, query: { ...filters, page, page_size: pageSize } }, { signal }),
    placeholderData: keepPreviousData,
  });
};

export interface RoleChange {
  readonly member: MemberBody;
  readonly role: Role;
}

/** Shown at once, and taken back with the server's sentence when it refuses. The notice offers the role of before. */
export function useChangeRole(org: string) {
  const queries = useQueryClient();
  const notify = useNotice();
  const queryKey = membersKey(org);
  const change = useMutation({
    mutationFn: ({ member, role }: RoleChange) =>
      client.updateMember({ params: { org, username: member.username }, body: { role } }),
    async onMutate({ member, role }) {
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueriesData<MemberPage>({ queryKey });
      queries.setQueriesData<MemberPage>({ queryKey }, (page) => page && withRole(page, member.id, shownRole(role)));
      return before;
    },
    onError(error, _change, before) {
      for (const [key, page] of before ?? []) queries.setQueryData(key, page);
      notify({ text: messageOf(error), severity: 'error' });
    },
    onSuccess(_answer, { member, role }) {
      const undone = { member: { ...member, role: shownRole(role) }, role: roleOf(member) };
      notify({ text: `The role of ${member.username} is now ${role}.`, undo: () => change.mutate(undone) });
    },
    async onSettled(_answer, _error, { member }) {
      await queries.invalidateQueries({ queryKey });
      await queries.invalidateQueries({ queryKey: ['teams', org] });
      if (queries.getQueryData(callerQuery.queryKey)?.username === member.username) {
        await queries.invalidateQueries(organizationsQuery);
      }
    },
  });
  return change.mutate;
}

export function useRemoveMember(org: string, username: string, onRemoved: () => void) {
  const queries = useQueryClient();
  const notify = useNotice();
  return useMutation({
    mutationFn: () => client.removeMember({ params: { org, username } }),
    async onSuccess() {
      notify({ text: `${username} is no longer a member of ${org}.` });
      onRemoved();
      await queries.invalidateQueries({ queryKey: membersKey(org) });
      await queries.invalidateQueries({ queryKey: ['teams', org] });
    },
  });
}

/** Capitalized in some answers, lower case in requests. */
export function roleOf({ role }: { readonly role: string }): Role {
  const lower = role.toLowerCase();
  return lower === 'owner' || lower === 'editor' ? lower : 'member';
}

const shownRoles = { owner: 'Owner', editor: 'Editor', member: 'Member' } as const;

export function shownRole(role: Role): (typeof shownRoles)[Role] {
  return shownRoles[role];
}

function withRole(page: MemberPage, id: string, role: MemberBody['role']): MemberPage {
  return { ...page, results: page.results.map((member) => (member.id === id ? { ...member, role } : member)) };
}
