import { randomUUID } from 'node:crypto';
import type { Actor } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { AlreadyExists, InvalidInput, NotFound } from '../administration-error.ts';
import { checkAccountName } from './account-name.ts';

export interface PersonAccount {
  /** 32 hex digits. */
  readonly id: string;
  /** Lower case, unique among people and organizations, never changes. */
  readonly username: string;
  /** How the person is called. */
  readonly name: string;
  readonly email: string | null;
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

export interface PersonStore {
  insert(person: PersonAccount): Promise<void>;
  byUsername(username: string): Promise<PersonAccount | undefined>;
  byEmail(email: string): Promise<PersonAccount | undefined>;
  /** Sorted by user name. */
  list(): Promise<readonly PersonAccount[]>;
  setActive(id: string, isActive: boolean, at: number): Promise<void>;
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
  list(): Promise<readonly PersonAccount[]>;
  /** Switching a person off refuses every token of theirs from the next request. @throws NotFound */
  setActive(username: string, isActive: boolean, actor: Actor): Promise<PersonAccount>;
}

const maxNameLength = 200;
const maxEmailLength = 254;

export function createPeople(stores: Transactional<{ people: PersonStore; names: NameStore }>): People {
  return {
    async create(input, actor) {
      const { username, name, email } = checkNewPerson(input);
      return stores.change(actor, async ({ people, names, at, record }) => {
        if (await names.isTaken(username))
          throw new AlreadyExists(`The name ${username} is taken. Choose another one.`);
        if (email !== null && (await people.byEmail(email))) {
          throw new AlreadyExists(`Somebody has the e-mail address ${email} already.`);
        }
        const isAdministrator = input.isAdministrator ?? false;
        const id = randomUUID().replaceAll('-', '');
        const person = { id, username, name, email, isActive: true, isAdministrator, createdAt: at };
        await people.insert(person);
        const after = { id, name, email, isAdministrator };
        await record({ organizationId: null, action: 'person.create', subject: username, after });
        return person;
      });
    },
    byUsername: (username) => requirePerson(stores.read.people, username),
    list: () => stores.read.people.list(),
    setActive: (username, isActive, actor) =>
      stores.change(actor, async ({ people, at, record }) => {
        const person = await requirePerson(people, username);
        if (person.isActive === isActive) return person;
        await people.setActive(person.id, isActive, at);
        const [before, after] = [{ isActive: person.isActive }, { isActive }];
        await record({ organizationId: null, action: 'person.update', subject: username, before, after });
        return { ...person, isActive };
      }),
  };
}

/** @throws NotFound */
export async function requirePerson(people: PersonStore, username: string): Promise<PersonAccount> {
  const person = await people.byUsername(username);
  if (person === undefined) throw new NotFound(`There is no person with the user name ${JSON.stringify(username)}.`);
  return person;
}

function checkNewPerson(input: NewPerson): { username: string; name: string; email: string | null } {
  checkAccountName('username', input.username);
  const name = input.name ?? input.username;
  if (name.length === 0 || name.length > maxNameLength) {
    throw new InvalidInput('name', `A person's name has 1 to ${maxNameLength} characters.`);
  }
  const email = input.email?.toLowerCase() ?? null;
  if (email !== null && (email.length > maxEmailLength || !/^[^\s@]+@[^\s@]+$/.test(email))) {
    throw new InvalidInput('email', 'That is not an e-mail address.');
  }
  return { username: input.username, name, email };
}
