import { randomUUID } from 'node:crypto';
import { defaultPolicy } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { AlreadyExists, InvalidInput, NotFound } from '../administration-error.ts';
import { checkAccountName } from '../people/account-name.ts';
import type { NameStore } from '../people/people.ts';
import type { PolicyStore } from './policies.ts';

export interface OrganizationAccount {
  /** 32 hex digits. */
  readonly id: string;
  /** Lower case, unique among people and organizations, never changes. */
  readonly name: string;
  readonly fullName: string;
  /** No pull without a signed-in person. */
  readonly enforceSignIn: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
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
  setEnforceSignIn(id: string, enforce: boolean): Promise<void>;
  /** The organization that judges whoever belongs to none. */
  home(): Promise<OrganizationAccount | undefined>;
  setHome(id: string): Promise<void>;
}

export interface Organizations {
  /** With Docker's default policy, switched off. The first organization becomes home. @throws InvalidInput, AlreadyExists */
  create(organization: NewOrganization, actor: Actor): Promise<OrganizationAccount>;
  /** @throws NotFound */
  byName(name: string): Promise<OrganizationAccount>;
  list(): Promise<readonly OrganizationAccount[]>;
  /** @throws NotFound */
  setEnforceSignIn(name: string, enforce: boolean, actor: Actor): Promise<OrganizationAccount>;
  home(): Promise<OrganizationAccount | undefined>;
  /** @throws NotFound */
  setHome(name: string, actor: Actor): Promise<OrganizationAccount>;
}

interface Stores {
  readonly organizations: OrganizationStore;
  readonly policies: PolicyStore;
  readonly names: NameStore;
}

const maxFullNameLength = 200;

export function createOrganizations(stores: Transactional<Stores>): Organizations {
  return {
    create: (input, actor) => create(stores, input, actor),
    byName: (name) => requireOrganization(stores.read.organizations, name),
    list: () => stores.read.organizations.list(),
    home: () => stores.read.organizations.home(),
    setEnforceSignIn: (name, enforce, actor) =>
      stores.change(actor, async ({ organizations, record }) => {
        const organization = await requireOrganization(organizations, name);
        if (organization.enforceSignIn === enforce) return organization;
        await organizations.setEnforceSignIn(organization.id, enforce);
        const [before, after] = [{ enforceSignIn: organization.enforceSignIn }, { enforceSignIn: enforce }];
        await record({ organizationId: organization.id, action: 'org.sign_in.update', subject: name, before, after });
        return { ...organization, enforceSignIn: enforce };
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
  if (organization === undefined) throw new NotFound(`There is no organization named ${JSON.stringify(name)}.`);
  return organization;
}

async function create(
  stores: Transactional<Stores>,
  input: NewOrganization,
  actor: Actor,
): Promise<OrganizationAccount> {
  const { name, fullName = name } = input;
  checkAccountName('name', name);
  if (fullName.length === 0 || fullName.length > maxFullNameLength) {
    throw new InvalidInput('fullName', `The full name of an organization has 1 to ${maxFullNameLength} characters.`);
  }
  return stores.change(actor, async ({ organizations, policies, names, at, record }) => {
    if (await names.isTaken(name)) throw new AlreadyExists(`The name ${name} is taken. Choose another one.`);
    const id = randomUUID().replaceAll('-', '');
    const organization = { id, name, fullName, enforceSignIn: true, createdAt: at };
    await organizations.insert(organization);
    await policies.insert(id, { version: 1, policy: defaultPolicy, changedAt: at, changedBy: actor.name });
    const home = (await organizations.home()) === undefined;
    if (home) await organizations.setHome(id);
    await record({ organizationId: id, action: 'org.create', subject: name, after: { id, fullName, home } });
    return organization;
  });
}
