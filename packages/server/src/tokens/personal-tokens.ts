import { randomUUID } from 'node:crypto';
import type { Actor } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { InvalidInput, LimitReached, NotFound } from '../administration-error.ts';
import { type PersonStore, requirePerson } from '../people/people.ts';
import { type PersonalScope, personalScopes } from './scopes.ts';
import { hashToken, newToken } from './secret.ts';
import {
  type AccessToken,
  checkDescription,
  checkExpiry,
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

/** Every look-up by id carries the person: an id alone opens nothing. */
export interface PersonalTokenStore {
  insert(token: PersonalToken, secretHash: string): Promise<void>;
  find(personId: string, id: string): Promise<PersonalToken | undefined>;
  /** Newest first. */
  list(personId: string): Promise<readonly PersonalToken[]>;
  update(personId: string, id: string, change: { label?: string; isActive?: boolean }): Promise<void>;
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
  rename(username: string, id: string, label: string, actor: Actor): Promise<PersonalToken>;
  /** @throws NotFound */
  setActive(username: string, id: string, isActive: boolean, actor: Actor): Promise<PersonalToken>;
  /** For good. @throws NotFound */
  revoke(username: string, id: string, actor: Actor): Promise<void>;
}

type Stores = Transactional<{ people: PersonStore; personalTokens: PersonalTokenStore }>;

/** Inactive and expired ones count until they are revoked. */
const maxTokensPerPerson = 100;

export function createPersonalTokens(stores: Stores): PersonalTokens {
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
    async rename(username, id, label, actor) {
      checkLabel(label);
      return update(stores, username, id, { label }, actor);
    },
    setActive: (username, id, isActive, actor) => update(stores, username, id, { isActive }, actor),
    revoke: (username, id, actor) =>
      stores.change(actor, async ({ people, personalTokens, record }) => {
        const person = await requirePerson(people, username);
        const { label } = await require(personalTokens, person.id, id);
        await personalTokens.delete(person.id, id);
        await record({ organizationId: null, action: 'pat.delete', subject: username, before: { id, label } });
      }),
  };
}

async function create(
  stores: Stores,
  username: string,
  input: NewPersonalToken,
  actor: Actor,
): Promise<Issued<PersonalToken>> {
  const { label, description = '', expiresAt = null, userAgent } = input;
  checkLabel(label);
  checkDescription(description);
  const scopes = checkScopes(input.scopes);
  const secret = newToken('personal');
  return stores.change(actor, async ({ people, personalTokens, at, record }) => {
    checkExpiry(expiresAt, at);
    const person = await requirePerson(people, username);
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
      expiresAt,
      createdAt: at,
      createdBy: actor.name,
      creatorAddress: actor.address ?? null,
      creatorUserAgent: userAgent?.slice(0, maxUserAgentLength) ?? null,
      lastUsedAt: null,
      lastUsedAddress: null,
    };
    await personalTokens.insert(token, hashToken(secret));
    const after = { id, label, scopes, expiresAt };
    await record({ organizationId: null, action: 'pat.create', subject: username, after });
    return { token, secret };
  });
}

function update(
  stores: Stores,
  username: string,
  id: string,
  change: { label?: string; isActive?: boolean },
  actor: Actor,
): Promise<PersonalToken> {
  return stores.change(actor, async ({ people, personalTokens, record }) => {
    const person = await requirePerson(people, username);
    const token = await require(personalTokens, person.id, id);
    const next = { ...token, ...change };
    if (next.label === token.label && next.isActive === token.isActive) return token;
    await personalTokens.update(person.id, id, change);
    const before = { id, label: token.label, isActive: token.isActive };
    const after = { id, label: next.label, isActive: next.isActive };
    await record({ organizationId: null, action: 'pat.update', subject: username, before, after });
    return next;
  });
}

async function require(tokens: PersonalTokenStore, personId: string, id: string): Promise<PersonalToken> {
  const token = await tokens.find(personId, id);
  if (token === undefined) throw new NotFound('There is no such access token.');
  return token;
}

/** Sorted, each once. */
function checkScopes(scopes: readonly string[]): readonly PersonalScope[] {
  const known = personalScopes.filter((scope) => scopes.includes(scope));
  if (known.length > 0 && scopes.every((scope) => (personalScopes as readonly string[]).includes(scope))) return known;
  throw new InvalidInput(
    'scopes',
    `A personal access token has one or more of the scopes ${personalScopes.join(', ')}.`,
  );
}
