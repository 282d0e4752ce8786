import type { InviteBody } from '@pullgate/contract';
import type { Role } from '@pullgate/policy';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, messageOf } from '../app/client.ts';
import { useNotice } from '../components/notice.tsx';

const invitesKey = (org: string) => ['invites', org] as const;

/** All that are pending, the newest first. */
export const invitesQuery = (org: string) =>
  queryOptions({
    queryKey: invitesKey(org),
    queryFn: async ({ signal }) => (await client.listInvites({ params: { org } }, { signal })).data.toReversed(),
  });

/** Whether the gate sends letters. */
export const mailQuery = queryOptions({
  queryKey: ['mail'],
  queryFn: async ({ signal }) => (await client.getStatus({}, { signal })).mail,
  staleTime: Number.POSITIVE_INFINITY,
});

export interface Offer {
  readonly invitees: readonly string[];
  readonly role: Role;
  /** Name of a team to join. */
  readonly team: string | undefined;
}

/** What would come of inviting them. Nothing is changed. */
export function useCheckInvitees(org: string) {
  return useMutation({ mutationFn: (offer: Offer) => invite(org, offer, true) });
}

export function useInvite(org: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (offer: Offer) => invite(org, offer, false),
    onSettled: () => queries.invalidateQueries({ queryKey: invitesKey(org) }),
  });
}

async function invite(org: string, { invitees, role, team }: Offer, dryRun: boolean) {
  const body = { org, invitees: [...invitees], role, ...(team !== undefined && { team }), dry_run: dryRun };
  return (await client.inviteMembers({ body })).invitees;
}

/** Sends the letter again, with a new link. */
export function useResend(org: string) {
  const queries = useQueryClient();
  const notify = useNotice();
  return useMutation({
    mutationFn: ({ id }: InviteBody) => client.resendInvite({ params: { id } }),
    onSuccess: (_, { invitee }) => notify({ text: `A letter with a new link is on its way to ${invitee}.` }),
    onError: (error) => notify({ text: messageOf(error), severity: 'error' }),
    onSettled: () => queries.invalidateQueries({ queryKey: invitesKey(org) }),
  });
}

/** Makes a new link, to hand over. The one before ends. */
export function useNewLink(org: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id }: InviteBody) => (await client.createInviteLink({ params: { id } })).link,
    onSettled: () => queries.invalidateQueries({ queryKey: invitesKey(org) }),
  });
}

export function useCancelInvite(org: string, { id, invitee }: InviteBody, onCancelled: () => void) {
  const queries = useQueryClient();
  const notify = useNotice();
  return useMutation({
    mutationFn: () => client.cancelInvite({ params: { id } }),
    onSuccess() {
      notify({ text: `The invitation of ${invitee} is cancelled.` });
      onCancelled();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: invitesKey(org) }),
  });
}
