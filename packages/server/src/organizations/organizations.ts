import { randomUUID } from 'node:crypto';
import { defaultPolicy, type Role } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { ChangeContext, Transactional } from '../activity/transactional.ts';
import { AlreadyExists, InvalidInput, NotFound } from '../administration-error.ts';
import { checkAccountName } from '../people/account-name.ts';
import { insertPerson, type NameStore, type NewPerson, type PersonStore, requirePerson } from '../people/people.ts';
import { ownersTeam } from '../teams/team-name.ts';
import { type AdmissionStores, admit } from './admission.ts';
import type { PolicyStore } from './policies.ts';
import type { CustomRegistry } from './settings.ts';

export interface OrganizationAccount {
  /** 32 hex digits. */
  readonly id: string;
  /** Lower case, unique among people and organizations, never changes. */
  readonly name: string;
  readonly fullName: string;
  readonly location: string;
  readonly company: string;
  /** No pull without a signed-in person. */
  readonly enforceSignIn: boolean;
  /** How long tokens of the organization and of its members may live, in milliseconds; null for as long as they like. */
  readonly maxTokenLifetimeMs: number | null;
  /** Whether `docker login` takes a console password of a member. */
  readonly passwordLogin: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** What is absent stays. */
export interface OrganizationProfile {
  readonly fullName?: string;
  readonly location?: string;
  readonly company?: string;
}

/** A membership, as the person sees it. */
export interface OwnOrganization {
  readonly organization: OrganizationAccount;
  readonly role: Role;
  /** Names, sorted; `owners` among them for owners. */
  readonly teams: readonly string[];
}

interface NewOrganization {
  readonly name: string;
  /** The name when absent. */
  readonly fullName?: string;
}

export interface OrganizationStore {
  insert(organization: OrganizationAccount): Promise<void>;
  byName(name: string): Promise<OrganizationAccount | undefined>;
  /** Sorted by name. */
  list(): Promise<readonly OrganizationAccount[]>;
  byId(id: string): Promise<OrganizationAccount | undefined>;
  /** Writes all but the id, the name and the time of creation. */
  update(organization: OrganizationAccount): Promise<void>;
  /** As they were set, in their order. */
  customRegistries(id: string): Promise<readonly CustomRegistry[]>;
  setCustomRegistries(id: string, registries: readonly CustomRegistry[]): Promise<void>;
  /** The organization that judges whoever belongs to none. */
  home(): Promise<OrganizationAccount | undefined>;
  setHome(id: string): Promise<void>;
}

export interface Organizations {
  /** With Docker's default policy, switched off. The first organization becomes home. @throws InvalidInput, AlreadyExists */
  create(organization: NewOrganization, actor: Actor): Promise<OrganizationAccount>;
  /**
   * With its owner, all or nothing: a new person, unless there is one of that user name. The first person of an
   * installation administers it.
   *
   * @throws InvalidInput, AlreadyExists
   */
  createWithOwner(organization: NewOrganization, owner: NewOwner, actor: Actor): Promise<OrganizationAccount>;
  /** @throws NotFound */
  byName(name: string): Promise<OrganizationAccount>;
  /** @throws NotFound */
  byId(id: string): Promise<OrganizationAccount>;
  list(): Promise<readonly OrganizationAccount[]>;
  /** Sorted by name. @throws NotFound when nobody has this user name */
  ofPerson(username: string): Promise<readonly OwnOrganization[]>;
  /** @throws NotFound, InvalidInput */
  updateProfile(name: string, profile: OrganizationProfile, actor: Actor): Promise<OrganizationAccount>;
  /** @throws NotFound */
  setEnforceSignIn(name: string, enforce: boolean, actor: Actor): Promise<OrganizationAccount>;
  home(): Promise<OrganizationAccount | undefined>;
  /** @throws NotFound */
  setHome(name: string, actor: Actor): Promise<OrganizationAccount>;
}

type NewOwner = Pick<NewPerson, 'username' | 'email'>;

interface Stores extends AdmissionStores {
  readonly organizations: OrganizationStore;
  readonly policies: PolicyStore;
  readonly people: PersonStore;
  readonly names: NameStore;
}

const maxLength = 200;

export function createOrganizations(stores: Transactional<Stores>): Organizations {
  return {
    create: (input, actor) => create(stores, input, actor),
    createWithOwner: (input, owner, actor) =>
      stores.change(actor, async (writing) => {
        const isAdministrator = (await writing.people.list()).length === 0;
        const known = await writing.people.byUsername(owner.username);
        const person = known ?? (await insertPerson(writing, { ...owner, isAdministrator }));
        const organization = await insertOrganization(writing, input, actor);
        await admit(writing, organization, person, { role: 'owner' });
        return organization;
      }),
    byName: (name) => requireOrganization(stores.read.organizations, name),
    byId: (id) => requireOrganizationById(stores.read.organizations, id),
    list: () => stores.read.organizations.list(),
    ofPerson: (username) => ofPerson(stores.read, username),
    updateProfile: (name, profile, actor) => updateProfile(stores, name, profile, actor),
    home: () => stores.read.organizations.home(),
    setEnforceSignIn: (name, enforce, actor) =>
      stores.change(actor, async ({ organizations, record }) => {
        const organization = await requireOrganization(organizations, name);
        if (organization.enforceSignIn === enforce) return organization;
        const changed = { ...organization, enforceSignIn: enforce };
        await organizations.update(changed);
        const [before, after] = [{ enforceSignIn: organization.enforceSignIn }, { enforceSignIn: enforce }];
        await record({ organizationId: organization.id, action: 'sign_in.update', subject: name, before, after });
        return changed;
      }),
    setHome: (name, actor) =>
      stores.change(actor, async ({ organizations, record }) => {
        const [organization, former] = [await requireOrganization(organizations, name), await organizations.home()];
        if (former?.id === organization.id) return organization;
        await organizations.setHome(organization.id);
        const [before, after] = [{ home: former?.name ?? null }, { home: name }];
        await record({ organizationId: organization.id, action: 'org.home.update', subject: name, before, after });
        return organization;
      }),
  };
}

/** @throws NotFound */
export async function requireOrganization(store: OrganizationStore, name: string): Promise<OrganizationAccount> {
  const organization = await store.byName(name);
  if (organization === undefined)
    throw new NotFound(`There is no organization named ${JSON.stringify(name)}.`, 'organization');
  return organization;
}

/** @throws NotFound */
export async function requireOrganizationById(store: OrganizationStore, id: string): Promise<OrganizationAccount> {
  const organization = await store.byId(id);
  if (organization === undefined) throw new NotFound('The organization was not found.');
  return organization;
}

async function ofPerson(
  { organizations, memberships, people }: Stores,
  username: string,
): Promise<readonly OwnOrganization[]> {
  const person = await requirePerson(people, username);
  const own: OwnOrganization[] = [];
  for (const { organizationId } of await memberships.ofPerson(person.id)) {
    const [organization, member] = [
      await organizations.byId(organizationId),
      await memberships.find(organizationId, person.username),
    ];
    // Whoever was removed in between is no member.
    if (organization && member) own.push({ organization, role: member.role, teams: member.teams });
  }
  return own.sort((one, other) => (one.organization.name < other.organization.name ? -1 : 1));
}

async function updateProfile(
  stores: Transactional<Stores>,
  name: string,
  profile: OrganizationProfile,
  actor: Actor,
): Promise<OrganizationAccount> {
  checkProfile(profile);
  return stores.change(actor, async ({ organizations, record }) => {
    const organization = await requireOrganization(organizations, name);
    const { fullName = organization.fullName } = profile;
    const { location = organization.location, company = organization.company } = profile;
    const [before, after] = [told(organization), { fullName, location, company }];
    if (JSON.stringify(before) === JSON.stringify(after)) return organization;
    const changed = { ...organization, ...after };
    await organizations.update(changed);
    await record({ organizationId: organization.id, action: 'org.settings.update', subject: name, before, after });
    return changed;
  });
}

function told({ fullName, location, company }: OrganizationAccount) {
  return { fullName, location, company };
}

function checkProfile({ fullName, location = '', company = '' }: OrganizationProfile): void {
  if (fullName !== undefined && (fullName.length === 0 || fullName.length > maxLength)) {
    throw new InvalidInput('fullName', `The full name of an organization has 1 to ${maxLength} characters.`);
  }
  for (const [field, text] of Object.entries({ location, company })) {
    if (text.length > maxLength) throw new InvalidInput(field, `The ${field} has at most ${maxLength} characters.`);
  }
}

async function create(
  stores: Transactional<Stores>,
  input: NewOrganization,
  actor: Actor,
): Promise<OrganizationAccount> {
  checkNewOrganization(input);
  return stores.change(actor, (writing) => insertOrganization(writing, input, actor));
}

function checkNewOrganization({ name, fullName = name }: NewOrganization): void {
  // What every request that names one calls it.
  checkAccountName('orgname', name);
  checkProfile({ fullName });
}

/**
 * Makes an organization, in the transaction of a larger change.
 *
 * @throws InvalidInput, AlreadyExists
 */
export async function insertOrganization(
  writing: Pick<Stores, 'organizations' | 'teams' | 'policies' | 'names'> & ChangeContext,
  input: NewOrganization,
  actor: Actor,
): Promise<OrganizationAccount> {
  checkNewOrganization(input);
  const { organizations, teams, policies, names, at, record } = writing;
  const { name, fullName = name } = input;
  if (await names.isTaken(name)) throw new AlreadyExists(`The name ${name} is taken. Choose another one.`);
  const id = randomUUID().replaceAll('-', '');
  const organization: OrganizationAccount = {
    id,
    name,
    fullName,
    location: '',
    company: '',
    enforceSignIn: true,
    maxTokenLifetimeMs: null,
    passwordLogin: false,
    createdAt: at,
  };
  await organizations.insert(organization);
  await teams.insert({
    id: await teams.nextId(),
    uuid: randomUUID(),
    organizationId: id,
    name: ownersTeam,
    description: '',
    role: 'owner',
    createdAt: at,
  });
  await policies.insert(id, { version: 1, policy: defaultPolicy, changedAt: at, changedBy: actor.name }, undefined);
  const home = (await organizations.home()) === undefined;
  if (home) await organizations.setHome(id);
  await record({ organizationId: id, action: 'org.create', subject: name, after: { id, fullName, home } });
  return organization;
}
