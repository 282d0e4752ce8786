import { randomUUID } from 'node:crypto';
import type { Actor, Details } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { LimitReached, NotFound } from '../administration-error.ts';
import {
  type OrganizationAccount,
  type OrganizationStore,
  requireOrganization,
} from '../organizations/organizations.ts';
import { checkExpiry, checkLifetime, readExpiry } from './expiry.ts';
import { checkResources, type Resource } from './resources.ts';
import { hashToken, newToken } from './secret.ts';
import {
  type AccessToken,
  checkDescription,
  checkLabel,
  type Issued,
  maxUserAgentLength,
  type NewAccessToken,
} from './token.ts';

/** An organization access token. It belongs to nobody in particular: automation logs in with the organization's name. */
export interface OrganizationAccessToken extends AccessToken {
  readonly organizationId: string;
  readonly resources: readonly Resource[];
}

interface NewOrganizationToken extends NewAccessToken {
  readonly resources: readonly Resource[];
}

interface OrganizationTokenUpdate {
  readonly label?: string;
  readonly description?: string;
  /** Replaces the list. */
  readonly resources?: readonly Resource[];
  readonly isActive?: boolean;
}

/** Every look-up by id carries the organization: an id alone opens nothing. */
export interface OrganizationTokenStore {
  insert(token: OrganizationAccessToken, secretHash: string): Promise<void>;
  find(organizationId: string, id: string): Promise<OrganizationAccessToken | undefined>;
  /** Newest first. */
  list(organizationId: string): Promise<readonly OrganizationAccessToken[]>;
  update(organizationId: string, id: string, change: OrganizationTokenUpdate): Promise<void>;
  delete(organizationId: string, id: string): Promise<void>;
}

/** Organizations are given by their names. */
export interface OrganizationTokens {
  /** @throws NotFound, InvalidInput, LimitReached */
  create(organization: string, token: NewOrganizationToken, actor: Actor): Promise<Issued<OrganizationAccessToken>>;
  /** @throws NotFound */
  find(organization: string, id: string): Promise<OrganizationAccessToken>;
  /** Newest first. @throws NotFound */
  list(organization: string): Promise<readonly OrganizationAccessToken[]>;
  /** @throws NotFound, InvalidInput */
  update(
    organization: string,
    id: string,
    change: OrganizationTokenUpdate,
    actor: Actor,
  ): Promise<OrganizationAccessToken>;
  /** @throws NotFound */
  setActive(organization: string, id: string, isActive: boolean, actor: Actor): Promise<OrganizationAccessToken>;
  /** For good. @throws NotFound */
  revoke(organization: string, id: string, actor: Actor): Promise<void>;
}

type Stores = Transactional<{ organizations: OrganizationStore; organizationTokens: OrganizationTokenStore }>;

/** As on Docker Hub. Inactive and expired ones count until they are revoked. */
const maxTokensPerOrganization = 100;

export function createOrganizationTokens(stores: Stores): OrganizationTokens {
  return {
    create: (name, token, actor) => create(stores, name, token, actor),
    async find(name, id) {
      const organization = await requireOrganization(stores.read.organizations, name);
      return require(stores.read.organizationTokens, organization, id);
    },
    async list(name) {
      const organization = await requireOrganization(stores.read.organizations, name);
      return stores.read.organizationTokens.list(organization.id);
    },
    update: (name, id, change, actor) => update(stores, name, id, change, actor),
    setActive: (name, id, isActive, actor) => update(stores, name, id, { isActive }, actor),
    revoke: (name, id, actor) =>
      stores.change(actor, async ({ organizations, organizationTokens, record }) => {
        const organization = await requireOrganization(organizations, name);
        const token = await require(organizationTokens, organization, id);
        await organizationTokens.delete(organization.id, id);
        const [subject, before] = [token.label, told(token)];
        await record({ organizationId: organization.id, action: 'org.access_token.delete', subject, before });
      }),
  };
}

async function create(
  stores: Stores,
  name: string,
  input: NewOrganizationToken,
  actor: Actor,
): Promise<Issued<OrganizationAccessToken>> {
  const { label, description = '', userAgent } = input;
  const expiry = readExpiry(input.expiresAt ?? null);
  checkLabel(label);
  checkDescription(description);
  const resources = checkResources(name, input.resources);
  const secret = newToken('organization');
  return stores.change(actor, async ({ organizations, organizationTokens, at, record }) => {
    checkExpiry(expiry, at);
    const organization = await requireOrganization(organizations, name);
    checkLifetime(expiry, at, [organization]);
    if ((await organizationTokens.list(organization.id)).length >= maxTokensPerOrganization) {
      throw new LimitReached(
        `An organization has at most ${maxTokensPerOrganization} tokens. Revoke one that is no longer used.`,
      );
    }
    const token: OrganizationAccessToken = {
      id: randomUUID(),
      organizationId: organization.id,
      label,
      description,
      resources,
      isActive: true,
      expiresAt: expiry.at,
      expiresAtText: expiry.text,
      createdAt: at,
      createdBy: actor.name,
      creatorAddress: actor.address ?? null,
      creatorUserAgent: userAgent?.slice(0, maxUserAgentLength) ?? null,
      lastUsedAt: null,
      lastUsedAddress: null,
    };
    await organizationTokens.insert(token, hashToken(secret));
    const after = { ...told(token), expiresAt: expiry.at };
    await record({ organizationId: organization.id, action: 'org.access_token.create', subject: label, after });
    return { token, secret };
  });
}

async function update(
  stores: Stores,
  name: string,
  id: string,
  change: OrganizationTokenUpdate,
  actor: Actor,
): Promise<OrganizationAccessToken> {
  if (change.label !== undefined) checkLabel(change.label);
  if (change.description !== undefined) checkDescription(change.description);
  const checked =
    change.resources === undefined ? change : { ...change, resources: checkResources(name, change.resources) };
  return stores.change(actor, async ({ organizations, organizationTokens, record }) => {
    const organization = await requireOrganization(organizations, name);
    const token = await require(organizationTokens, organization, id);
    const next = { ...token, ...checked };
    const [before, after] = [told(token), told(next)];
    if (JSON.stringify(before) === JSON.stringify(after)) return token;
    await organizationTokens.update(organization.id, id, checked);
    const subject = token.label;
    await record({ organizationId: organization.id, action: 'org.access_token.update', subject, before, after });
    return next;
  });
}

async function require(
  tokens: OrganizationTokenStore,
  organization: OrganizationAccount,
  id: string,
): Promise<OrganizationAccessToken> {
  const token = await tokens.find(organization.id, id);
  if (token === undefined) throw new NotFound(`${organization.name} has no such access token.`, 'access-token');
  return token;
}

/** What the activity tells of a token. */
function told({ id, label, description, isActive, resources }: OrganizationAccessToken): Details {
  return { id, label, description, isActive, resources };
}
