import { formatTime, type MemberTokenBody, type PersonalTokenBody, type TokenRulesBody } from '@pullgate/contract';
import type { Administration } from '../administration.ts';
import type { OrganizationAccount } from '../organizations/organizations.ts';
import type { MemberToken, PersonalToken } from '../tokens/personal-tokens.ts';
import type { AccessToken } from '../tokens/token.ts';
import { type Handlers, pageBody } from './call.ts';
import { defined } from './defined.ts';
import { pageOfAll, pageRequest } from './paging.ts';
import { timeOrNull } from './profile.ts';

const dayMs = 24 * 60 * 60 * 1000;

export function personalTokenHandlers({ administration }: { readonly administration: Administration }) {
  const { personalTokens, organizations, settings } = administration;

  return {
    async createPersonalToken({ caller, body: { token_label: label, scopes, expires_at }, remote, actor }) {
      const { userAgent } = remote;
      const wanted = { label, scopes, expiresAt: expires_at?.text ?? null, ...defined({ userAgent }) };
      const { token, secret } = await personalTokens.create(caller.person.username, wanted, await actor());
      return personalTokenBody(token, secret);
    },

    async listPersonalTokens(call) {
      const all = await personalTokens.list(call.caller.person.username);
      const page = pageBody(call, pageOfAll(all, call.query), (token) => personalTokenBody(token));
      return { ...page, active_count: all.filter(({ isActive }) => isActive).length };
    },

    async getPersonalToken({ caller, params: { uuid } }) {
      return personalTokenBody(await personalTokens.find(caller.person.username, uuid));
    },

    async updatePersonalToken({ caller, params: { uuid }, body: { token_label: label, is_active: isActive }, actor }) {
      const change = defined({ label, isActive });
      return personalTokenBody(await personalTokens.update(caller.person.username, uuid, change, await actor()));
    },

    async deletePersonalToken({ caller, params: { uuid }, actor }) {
      await personalTokens.revoke(caller.person.username, uuid, await actor());
      return undefined;
    },

    async listMemberTokens(call) {
      const { organization, query } = call;
      const { username, search } = query;
      const wanted = { ...pageRequest(query), ...defined({ username, search }) };
      return pageBody(call, await personalTokens.pageOfMembers(organization.name, wanted), memberTokenBody);
    },

    async revokeMemberToken({ organization, params: { id }, actor }) {
      await personalTokens.revokeOfMember(organization.name, id, await actor());
      return undefined;
    },

    async getTokenRules({ organization }) {
      return tokenRulesBody(await organizations.byName(organization.name));
    },

    async setTokenRules({ organization: { name }, body: { maximum_days: days, allow_password_login }, actor }) {
      const rules = { maxTokenLifetimeMs: days === null ? null : days * dayMs, passwordLogin: allow_password_login };
      return tokenRulesBody(await settings.setTokenRules(name, rules, await actor()));
    },
  } satisfies Partial<Handlers>;
}

/** As it was sent, byte for byte: Terraform takes any other spelling for a change. */
export function expiryText({ expiresAt, expiresAtText }: AccessToken): string | null {
  return expiresAtText ?? timeOrNull(expiresAt);
}

function commonBody(token: PersonalToken): Omit<PersonalTokenBody, 'token'> {
  return {
    uuid: token.id,
    client_id: 'HUB',
    creator_ip: token.creatorAddress ?? '',
    creator_ua: token.creatorUserAgent ?? '',
    created_at: formatTime(token.createdAt),
    last_used: timeOrNull(token.lastUsedAt),
    last_used_ip: token.lastUsedAddress,
    generated_by: 'manual',
    is_active: token.isActive,
    token_label: token.label,
    scopes: [...token.scopes],
    expires_at: expiryText(token),
  };
}

function personalTokenBody(token: PersonalToken, secret = ''): PersonalTokenBody {
  return { ...commonBody(token), token: secret };
}

function memberTokenBody(token: MemberToken): MemberTokenBody {
  return { ...commonBody(token), username: token.username };
}

function tokenRulesBody({ maxTokenLifetimeMs, passwordLogin }: OrganizationAccount): TokenRulesBody {
  const maximum_days = maxTokenLifetimeMs === null ? null : Math.max(1, Math.round(maxTokenLifetimeMs / dayMs));
  return { maximum_days, allow_password_login: passwordLogin };
}
