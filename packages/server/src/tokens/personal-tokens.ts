import { randomUUID } from 'node:crypto';
import type { Actor } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { InvalidInput, LimitReached, NotFound } from '../administration-error.ts';
import type { MembershipStore } from '../organizations/members.ts';
import { type OrganizationStore, requireOrganization } from '../organizations/organizations.ts';
import type { Page, PageRequest } from '../organizations/page.ts';
import { type PersonStore, requirePerson } from '../people/people.ts';
import { recordOfPerson } from '../people/record-of-person.ts';
import { checkExpiry, checkLifetime, organizationsOf, readExpiry } from './expiry.ts';
import { type PersonalScope, personalScopes } from './scopes.ts';
import { hashToken, newToken } from './secret.ts';
import {
  type AccessToken,
  checkDescription,
  checkLabel,
  type Issued,
  maxUserAgentLength,
  type NewAccessToken,
} from './token.ts';

/** A personal access token: what `docker login` takes as a person's password. */
export interface PersonalToken extends AccessToken {
  readonly personId: string;
  readonly scopes: readonly PersonalScope[];
}

interface NewPersonalToken extends NewAccessToken {
  readonly scopes: readonly PersonalScope[];
}

export interface PersonalTokenChange {
  readonly label?: string;
  readonly isActive?: boolean;
}

/** A token with whose it is. */
export interface MemberToken extends PersonalToken {
  readonly username: string;
}

export interface MemberTokenQuery extends PageRequest {
  /** Only this member's. */
  readonly username?: string;
  /** Part of the user name or the label, in any case. */
  readonly search?: string;
}

/** Every look-up by id carries the person, or the organization that they are in: an id alone opens nothing. */
export interface PersonalTokenStore {
  insert(token: PersonalToken, secretHash: string): Promise<void>;
  find(personId: string, id: string): Promise<PersonalToken | undefined>;
  /** Newest first. */
  list(personId: string): Promise<readonly PersonalToken[]>;
  findOfMember(organizationId: string, id: string): Promise<MemberToken | undefined>;
  /** Of all members, by user name and newest first. */
  pageOfMembers(organizationId: string, query: MemberTokenQuery): Promise<Page<MemberToken>>;
  update(personId: string, id: string, change: PersonalTokenChange): Promise<void>;
  delete(personId: string, id: string): Promise<void>;
}

/** People are given by their user names. */
export interface PersonalTokens {
  /** @throws NotFound, InvalidInput, LimitReached */
  create(username: string, token: NewPersonalToken, actor: Actor): Promise<Issued<PersonalToken>>;
  /** @throws NotFound */
  find(username: string, id: string): Promise<PersonalToken>;
  /** Newest first. @throws NotFound */
  list(username: string): Promise<readonly PersonalToken[]>;
  /** @throws NotFound, InvalidInput */
  update(username: string, id: string, change: PersonalTokenChange, actor: Actor): Promise<PersonalToken>;
  /** @throws NotFound, InvalidInput */
  rename(username: string, id: string, label: string, actor: Actor): Promise<PersonalToken>;
  /** @throws NotFound */
  setActive(username: string, id: string, isActive: boolean, actor: Actor): Promise<PersonalToken>;
  /** For good. @throws NotFound */
  revoke(username: string, id: string, actor: Actor): Promise<void>;
  /** Tokens of the members of an organization, for its owners: by user name, newest first. @throws NotFound */
  pageOfMembers(organization: string, query: MemberTokenQuery): Promise<Page<MemberToken>>;
  /** For an owner of an organization that the person is a member of; its activity tells of it. @throws NotFound */
  revokeOfMember(organization: string, id: string, actor: Actor): Promise<void>;
}

interface Stores {
  readonly organizations: OrganizationStore;
  readonly memberships: MembershipStore;
  readonly people: PersonStore;
  readonly personalTokens: PersonalTokenStore;
}

/** Inactive and expired ones count until they are revoked. */
const maxTokensPerPerson = 100;

export function createPersonalTokens(stores: Transactional<Stores>): PersonalTokens {
  return {
    create: (username, token, actor) => create(stores, username, token, actor),
    async find(username, id) {
      const person = await requirePerson(stores.read.people, username);
      return require(stores.read.personalTokens, person.id, id);
    },
    async list(username) {
      const person = await requirePerson(stores.read.people, username);
      return stores.read.personalTokens.list(person.id);
    },
    update: (username, id, change, actor) => update(stores, username, id, change, actor),
    rename: (username, id, label, actor) => update(stores, username, id, { label }, actor),
    setActive: (username, id, isActive, actor) => update(stores, username, id, { isActive }, actor),
    revoke: (username, id, actor) =>
      stores.change(actor, async (writing) => {
        const person = await requirePerson(writing.people, username);
        const { label } = await require(writing.personalTokens, person.id, id);
        await writing.personalTokens.delete(person.id, id);
        const before = { id, label };
        await recordOfPerson(writing, person.id, { action: 'pat.delete', subject: username, before });
      }),
    async pageOfMembers(name, query) {
      const organization = await requireOrganization(stores.read.organizations, name);
      return stores.read.personalTokens.pageOfMembers(organization.id, query);
    },
    revokeOfMember: (name, id, actor) =>
      stores.change(actor, async ({ organizations, personalTokens, record }) => {
        const organization = await requireOrganization(organizations, name);
        const token = await personalTokens.findOfMember(organization.id, id);
        if (token === undefined) throw notFound();
        const { personId, label, username: subject } = token;
        await personalTokens.delete(personId, id);
        await record({ organizationId: organization.id, action: 'pat.delete', subject, before: { id, label } });
      }),
  };
}

async function create(
  stores: Transactional<Stores>,
  username: string,
  input: NewPersonalToken,
  actor: Actor,
): Promise<Issued<PersonalToken>> {
  const { label, description = '', userAgent } = input;
  checkLabel(label);
  checkDescription(description);
  checkScopes(input.scopes);
  const scopes = [...input.scopes];
  const expiry = readExpiry(input.expiresAt ?? null);
  const secret = newToken('personal');
  return stores.change(actor, async (writing) => {
    const { people, personalTokens, at } = writing;
    checkExpiry(expiry, at);
    const person = await requirePerson(people, username);
    checkLifetime(expiry, at, await organizationsOf(writing, person.id));
    if ((await personalTokens.list(person.id)).length >= maxTokensPerPerson) {
      throw new LimitReached(`A person has at most ${maxTokensPerPerson} tokens. Revoke one that is no longer used.`);
    }
    const id = randomUUID();
    const token: PersonalToken = {
      id,
      personId: person.id,
      label,
      description,
      scopes,
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
    await personalTokens.insert(token, hashToken(secret));
    const after = { id, label, scopes, expiresAt: expiry.at };
    await recordOfPerson(writing, person.id, { action: 'pat.create', subject: username, after });
    return { token, secret };
  });
}

async function update(
  stores: Transactional<Stores>,
  username: string,
  id: string,
  change: PersonalTokenChange,
  actor: Actor,
): Promise<PersonalToken> {
  if (change.label !== undefined) checkLabel(change.label);
  return stores.change(actor, async (writing) => {
    const person = await requirePerson(writing.people, username);
    const token = await require(writing.personalTokens, person.id, id);
    const next = { ...token, ...change };
    if (next.label === token.label && next.isActive === token.isActive) return token;
    await writing.personalTokens.update(person.id, id, change);
    const before = { id, label: token.label, isActive: token.isActive };
    const after = { id, label: next.label, isActive: next.isActive };
    await recordOfPerson(writing, person.id, { action: 'pat.update', subject: username, before, after });
    return next;
  });
}

async function require(tokens: PersonalTokenStore, personId: string, id: string): Promise<PersonalToken> {
  const token = await tokens.find(personId, id);
  if (token === undefined) throw notFound();
  return token;
}

function notFound(): NotFound {
  return new NotFound('There is no such access token.', 'access-token');
}

/** More than there are: the list is kept as it was given, and must end somewhere. */
const maxScopes = 20;

function checkScopes(scopes: readonly string[]): void {
  const allKnown = scopes.every((scope) => (personalScopes as readonly string[]).includes(scope));
  if (scopes.length > 0 && scopes.length <= maxScopes && allKnown) return;
  throw new InvalidInput(
    'scopes',
    `A personal access token has one or more of the scopes ${personalScopes.join(', ')}.`,
  );
}
