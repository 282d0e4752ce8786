import {
  type CreatedOrganizationTokenBody,
  formatTime,
  type ListedOrganizationTokenBody,
  type OrganizationTokenBody,
} from '@pullgate/contract';
import type { Administration } from '../administration.ts';
import type { OrganizationAccessToken } from '../tokens/organization-tokens.ts';
import type { Handlers } from './call.ts';
import { defined } from './defined.ts';
import { pageOfAll } from './paging.ts';
import { expiryText } from './personal-tokens.ts';
import { timeOrNull } from './profile.ts';

export function organizationTokenHandlers({
  administration: { organizationTokens },
}: {
  readonly administration: Administration;
}) {
  return {
    async createOrganizationToken({ organization: { name }, body, remote, actor }) {
      const { label, description, resources, expires_at } = body;
      const { userAgent } = remote;
      const expiresAt = expires_at?.text ?? null;
      const wanted = { label, description, resources, expiresAt, ...defined({ userAgent }) };
      const { token, secret } = await organizationTokens.create(name, wanted, await actor());
      return createdBody(token, secret);
    },

    async listOrganizationTokens({ organization, query, links }) {
      const { items, total } = pageOfAll(await organizationTokens.list(organization.name), query);
      return { total, ...links(query, total), results: items.map(listedBody) };
    },

    async getOrganizationToken({ organization, params: { id } }) {
      return tokenBody(await organizationTokens.find(organization.name, id));
    },

    async updateOrganizationToken({ organization, params: { id }, body, actor }) {
      const { label, description, resources, is_active: isActive } = body;
      const change = defined({ label, description, resources, isActive });
      return tokenBody(await organizationTokens.update(organization.name, id, change, await actor()));
    },

    async deleteOrganizationToken({ organization, params: { id }, actor }) {
      await organizationTokens.revoke(organization.name, id, await actor());
      return undefined;
    },
  } satisfies Partial<Handlers>;
}

function commonBody(token: OrganizationAccessToken): Omit<ListedOrganizationTokenBody, 'created_by'> {
  return {
    id: token.id,
    label: token.label,
    description: token.description,
    is_active: token.isActive,
    created_at: formatTime(token.createdAt),
    expires_at: expiryText(token),
    last_used_at: timeOrNull(token.lastUsedAt),
    last_used_ip: token.lastUsedAddress,
  };
}

/** As on Docker Hub, the list leaves the resources out. */
function listedBody(token: OrganizationAccessToken): ListedOrganizationTokenBody {
  return { ...commonBody(token), created_by: token.createdBy };
}

function tokenBody(token: OrganizationAccessToken): OrganizationTokenBody {
  return { ...listedBody(token), resources: resourcesOf(token) };
}

function createdBody(token: OrganizationAccessToken, secret: string): CreatedOrganizationTokenBody {
  return { ...commonBody(token), resources: resourcesOf(token), token: secret };
}

function resourcesOf({ resources }: OrganizationAccessToken): OrganizationTokenBody['resources'] {
  return resources.map(({ type, path, scopes }) => ({ type, path, scopes: [...scopes] }));
}
