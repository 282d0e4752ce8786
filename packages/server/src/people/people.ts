import { randomUUID } from 'node:crypto';
import type { Actor } from '../activity/activity.ts';
import type { ChangeContext, Transactional } from '../activity/transactional.ts';
import { AlreadyExists, InvalidInput, LastOwner, NotFound } from '../administration-error.ts';
import { requireOtherOwner } from '../organizations/member-role.ts';
import type { MembershipStore } from '../organizations/members.ts';
import type { OrganizationStore } from '../organizations/organizations.ts';
import { checkAccountName } from './account-name.ts';
import { recordOfPerson } from './record-of-person.ts';

export interface PersonAccount {
  /** 32 hex digits. */
  readonly id: string;
  /** Lower case, unique among people and organizations, never changes. */
  readonly username: string;
  /** How the person is called. */
  readonly name: string;
  /** Lower case. */
  readonly email: string | null;
  /** Whether the person has shown to read what is sent there. */
  readonly emailVerified: boolean;
  readonly location: string;
  readonly company: string;
  /** An inactive person can neither sign in nor pull. */
  readonly isActive: boolean;
  /** Runs this installation. Gives no exemption from any policy. */
  readonly isAdministrator: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface NewPerson {
  readonly username: string;
  /** The user name when absent. */
  readonly name?: string;
  readonly email?: string;
  readonly isAdministrator?: boolean;
}

/** What is absent stays. */
export interface PersonProfile {
  readonly name?: string;
  readonly email?: string | null;
  readonly location?: string;
  readonly company?: string;
}

export interface PersonStore {
  insert(person: PersonAccount): Promise<void>;
  byUsername(username: string): Promise<PersonAccount | undefined>;
  byEmail(email: string): Promise<PersonAccount | undefined>;
  /** Sorted by user name. */
  list(): Promise<readonly PersonAccount[]>;
  byId(id: string): Promise<PersonAccount | undefined>;
  /** Switching off ends all sessions, so that switching on again revives none. */
  setActive(id: string, isActive: boolean, at: number): Promise<void>;
  setAdministrator(id: string, isAdministrator: boolean, at: number): Promise<void>;
  /** Ids of the administrators who can sign in. */
  activeAdministrators(): Promise<readonly string[]>;
  /** Writes the parts that a profile has. */
  updateProfile(person: PersonAccount, at: number): Promise<void>;
}

/** What tells whether a name is free; people and organizations share one space of names. */
export interface NameStore {
  isTaken(name: string): Promise<boolean>;
}

export interface People {
  /** @throws InvalidInput, AlreadyExists */
  create(person: NewPerson, actor: Actor): Promise<PersonAccount>;
  /** @throws NotFound */
  byUsername(username: string): Promise<PersonAccount>;
  /** @throws NotFound */
  byId(id: string): Promise<PersonAccount>;
  /** In any case. @throws NotFound */
  byEmail(email: string): Promise<PersonAccount>;
  list(): Promise<readonly PersonAccount[]>;
  /** A new e-mail address is not verified. @throws NotFound, AlreadyExists, InvalidInput */
  updateProfile(username: string, profile: PersonProfile, actor: Actor): Promise<PersonAccount>;
  /** @throws NotFound, LastOwner for the last administrator */
  setAdministrator(username: string, isAdministrator: boolean, actor: Actor): Promise<PersonAccount>;
  /**
   * Switching a person off refuses every token of theirs from the next request, and ends their sessions. Switched on again,
   * the tokens are good again; the sessions are not.
   *
   * @throws NotFound, LastOwner when an organization would be left without an owner, or the installation without an administrator
   */
  setActive(username: string, isActive: boolean, actor: Actor): Promise<PersonAccount>;
}

interface Stores {
  readonly people: PersonStore;
  readonly names: NameStore;
  readonly memberships: MembershipStore;
  readonly organizations: OrganizationStore;
}

export function createPeople(stores: Transactional<Stores>): People {
  const { people } = stores.read;
  return {
    async create(input, actor) {
      checkNewPerson(input);
      return stores.change(actor, (writing) => insertPerson(writing, input));
    },
    byUsername: (username) => requirePerson(people, username),
    byId: async (id) => found(await people.byId(id)),
    byEmail: async (email) => found(await people.byEmail(email.toLowerCase())),
    list: () => people.list(),
    updateProfile: (username, profile, actor) => updateProfile(stores, username, profile, actor),
    setAdministrator: (username, isAdministrator, actor) =>
      stores.change(actor, async (writing) => {
        const person = await requirePerson(writing.people, username);
        if (person.isAdministrator === isAdministrator) return person;
        if (!isAdministrator) await requireOtherAdministrator(writing.people, person);
        await writing.people.setAdministrator(person.id, isAdministrator, writing.at);
        // Who runs the installation is no business of the person's organizations.
        const change = updateOf(person, { ...person, isAdministrator }, 'isAdministrator');
        await writing.record({ organizationId: null, ...change });
        return { ...person, isAdministrator };
      }),
    setActive: (username, isActive, actor) =>
      stores.change(actor, async (writing) => {
        const person = await requirePerson(writing.people, username);
        if (person.isActive === isActive) return person;
        if (!isActive) await requireDispensable(writing, person);
        await writing.people.setActive(person.id, isActive, writing.at);
        await recordOfPerson(writing, person.id, updateOf(person, { ...person, isActive }, 'isActive'));
        return { ...person, isActive };
      }),
  };
}

/** @throws NotFound */
export async function requirePerson(people: PersonStore, username: string): Promise<PersonAccount> {
  const person = await people.byUsername(username);
  if (person === undefined)
    throw new NotFound(`There is no person with the user name ${JSON.stringify(username)}.`, 'person');
  return person;
}

function found(person: PersonAccount | undefined): PersonAccount {
  if (person === undefined) throw new NotFound('The person was not found.');
  return person;
}

/**
 * Makes an account, in the transaction of a larger change.
 *
 * @throws InvalidInput, AlreadyExists
 */
export async function insertPerson(
  { people, names, at, record }: Pick<Stores, 'people' | 'names'> & ChangeContext,
  input: NewPerson,
): Promise<PersonAccount> {
  checkNewPerson(input);
  const { username, name = username, isAdministrator = false } = input;
  const email = input.email?.toLowerCase() ?? null;
  if (await names.isTaken(username)) throw new AlreadyExists(`The name ${username} is taken. Choose another one.`);
  await requireFreeAddress(people, email);
  const person: PersonAccount = {
    id: randomUUID().replaceAll('-', ''),
    username,
    name,
    email,
    emailVerified: false,
    location: '',
    company: '',
    isActive: true,
    isAdministrator,
    createdAt: at,
  };
  await people.insert(person);
  const after = { id: person.id, name, email, isAdministrator };
  await record({ organizationId: null, action: 'person.create', subject: username, after });
  return person;
}

async function updateProfile(
  stores: Transactional<Stores>,
  username: string,
  profile: PersonProfile,
  actor: Actor,
): Promise<PersonAccount> {
  checkProfile(profile);
  return stores.change(actor, async (writing) => {
    const person = await requirePerson(writing.people, username);
    const { name = person.name, location = person.location, company = person.company } = profile;
    const email = profile.email === undefined ? person.email : (profile.email?.toLowerCase() ?? null);
    const isSameAddress = email === person.email;
    if (!isSameAddress) await requireFreeAddress(writing.people, email);
    const emailVerified = isSameAddress && person.emailVerified;
    const changed = { ...person, name, email, emailVerified, location, company };
    const keys = ['name', 'email', 'location', 'company'] as const;
    const differing = keys.filter((key) => changed[key] !== person[key]);
    if (differing.length === 0) return person;
    await writing.people.updateProfile(changed, writing.at);
    await recordOfPerson(writing, person.id, updateOf(person, changed, ...differing));
    return changed;
  });
}

function updateOf(person: PersonAccount, changed: PersonAccount, ...keys: readonly (keyof PersonAccount)[]) {
  const pick = (from: PersonAccount) => Object.fromEntries(keys.map((key) => [key, from[key]]));
  return { action: 'person.update', subject: person.username, before: pick(person), after: pick(changed) } as const;
}

/** Whoever cannot sign in is neither owner nor administrator in earnest. @throws LastOwner */
async function requireDispensable(
  { people, memberships, organizations }: Stores,
  { id: personId, username, ...person }: PersonAccount,
): Promise<void> {
  if (person.isAdministrator) await requireOtherAdministrator(people, { id: personId, username });
  for (const { organizationId, role } of await memberships.ofPerson(personId)) {
    const organization = role === 'owner' ? await organizations.byId(organizationId) : undefined;
    if (organization) await requireOtherOwner(memberships, organization, { personId, username });
  }
}

async function requireOtherAdministrator(
  people: PersonStore,
  { id, username }: Pick<PersonAccount, 'id' | 'username'>,
) {
  if ((await people.activeAdministrators()).some((other) => other !== id)) return;
  throw new LastOwner(`${username} is the last administrator. Make somebody else an administrator first.`);
}

async function requireFreeAddress(people: PersonStore, email: string | null): Promise<void> {
  if (email === null || !(await people.byEmail(email))) return;
  throw new AlreadyExists(`Somebody has the e-mail address ${email} already.`);
}

const maxLength = 200;
const maxEmailLength = 254;

/** Whether a text looks like an e-mail address. Only sending something there would tell more. */
export function isEmailAddress(text: string): boolean {
  return text.length <= maxEmailLength && /^[^\s@]+@[^\s@]+$/.test(text);
}

function checkNewPerson(input: NewPerson): void {
  checkAccountName('username', input.username);
  checkProfile(input);
}

function checkProfile({ name, email, location = '', company = '' }: PersonProfile): void {
  if (name !== undefined && (name.length === 0 || name.length > maxLength)) {
    throw new InvalidInput('name', `A person's name has 1 to ${maxLength} characters.`);
  }
  if (typeof email === 'string' && !isEmailAddress(email)) {
    throw new InvalidInput('email', 'That is not an e-mail address.');
  }
  for (const [field, text] of Object.entries({ location, company })) {
    if (text.length > maxLength) throw new InvalidInput(field, `The ${field} has at most ${maxLength} characters.`);
  }
}
