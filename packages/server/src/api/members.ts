import { formatTime, type MemberBody } from '@pullgate/contract';
import type { Administration } from '../administration.ts';
import type { Invitation } from '../invitations/invitation.ts';
import type { Member, MemberTrace } from '../organizations/members.ts';
import type { Domains } from '../sign-in/single-sign-on.ts';
import type { Standing } from './authorize.ts';
import { Download, type Handlers, pageBody } from './call.ts';
import { defined } from './defined.ts';
import { memberTable } from './member-table.ts';
import { createOwnerRoleGuard } from './owner-role.ts';
import { pageRequest } from './paging.ts';
import { profileBody, shownRole, timeOrNull } from './profile.ts';

export function memberHandlers({
  administration: { members, invitations, teams },
  domains,
  now,
}: {
  readonly administration: Administration;
  readonly domains: Pick<Domains, 'list'>;
  readonly now: () => number;
}) {
  const guests = createGuestCheck(domains);
  const ownerRole = createOwnerRoleGuard({ teams, members });

  async function invitees(organization: string, search = ''): Promise<readonly Invitation[]> {
    const wanted = search.toLowerCase();
    return (await invitations.list(organization)).filter(({ invitee }) => invitee.toLowerCase().includes(wanted));
  }

  async function toBodies(
    { organization: { name }, asOwner }: Pick<Standing, 'organization' | 'asOwner'>,
    found: readonly Member[],
  ): Promise<readonly MemberBody[]> {
    const isGuest = await guests(name);
    const bodies = found.map((member) => memberBody(member, { asOwner, isGuest: isGuest(member.email) }));
    if (!asOwner) return bodies;
    const traces = await members.traces(
      name,
      found.map(({ personId }) => personId),
    );
    return bodies.map((body) => ({ ...body, ...traceBody(traces.get(body.id)) }));
  }

  return {
    async listMembers(call) {
      const { organization, asOwner, query } = call;
      const { search, role, type = query.invites ? 'all' : 'member' } = query;
      const { offset, limit } = pageRequest(query);
      // Whom somebody invited is for owners to know.
      const invited =
        type === 'member' || !asOwner || role !== undefined ? [] : await invitees(organization.name, search);
      if (type === 'invitee') {
        const page = { items: invited.slice(offset, offset + limit), total: invited.length };
        return pageBody(call, page, inviteeBody);
      }
      const wanted = { offset, limit, searchEmail: asOwner, ...defined({ search, role }) };
      const joined = await members.page(organization.name, wanted);
      const rest = invited.slice(Math.max(0, offset - joined.total), Math.max(0, offset + limit - joined.total));
      const items = [...(await toBodies(call, joined.items)), ...rest.map(inviteeBody)];
      return pageBody(call, { items, total: joined.total + invited.length }, (body) => body);
    },

    async exportMembers({ organization: { name } }) {
      const time = new Date(now()).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
      const table = memberTable(await members.list(name), await invitations.list(name));
      return new Download(table, 'text/csv; charset=utf-8', `${name}-members-${time}.csv`);
    },

    async updateMember({ caller, organization: { name }, asOwner, params: { username }, body: { role }, actor }) {
      ownerRole.requireRole(caller, role);
      await ownerRole.requireMember(caller, name, username);
      const member = await members.changeRole(name, username, role, await actor());
      const isGuest = await guests(name);
      return memberBody(member, { asOwner, isGuest: isGuest(member.email) });
    },

    async removeMember({ caller, organization, params: { username }, actor }) {
      await ownerRole.requireMember(caller, organization.name, username);
      await members.remove(organization.name, username, await actor());
      return undefined;
    },
  } satisfies Partial<Handlers>;
}

/** Tells whether an address is outside of the organization's verified domains. Without any, nobody is a guest. */
export function createGuestCheck(domains: Pick<Domains, 'list'>) {
  return async (organization: string): Promise<(email: string | null) => boolean> => {
    const verified = (await domains.list(organization)).filter(({ verifiedAt }) => verifiedAt !== null);
    if (verified.length === 0) return () => false;
    const names = new Set(verified.map(({ name }) => name));
    return (email) => email === null || !names.has(email.slice(email.lastIndexOf('@') + 1));
  };
}

/** E-mail addresses are for who manages members; Terraform finds people whom it invited by them. */
export function memberBody(
  member: Member,
  { asOwner, isGuest }: Pick<Standing, 'asOwner'> & { readonly isGuest: boolean },
): MemberBody {
  const email = asOwner ? (member.email ?? '') : '';
  const { uuid: _uuid, ...profile } = profileBody({ ...member, id: member.personId }, member.name);
  return {
    ...profile,
    username: member.username,
    email,
    primary_email: email,
    role: shownRole(member.role),
    groups: [...member.teams],
    is_guest: isGuest,
    type: 'User',
  };
}

function traceBody(trace: MemberTrace | undefined): Pick<MemberBody, 'last_seen_at' | 'origin'> {
  return { last_seen_at: timeOrNull(trace?.lastSeenAt ?? null), origin: trace?.origin ?? null };
}

function inviteeBody({ id, invitee, email, team, createdAt }: Invitation): MemberBody {
  return {
    id,
    full_name: '',
    location: '',
    company: '',
    profile_url: '',
    gravatar_email: '',
    gravatar_url: '',
    date_joined: formatTime(createdAt),
    username: email === null ? invitee : '',
    email: email ?? '',
    primary_email: email ?? '',
    role: 'Invitee',
    groups: team === null ? [] : [team],
    is_guest: false,
    type: 'Invitee',
  };
}
