import type { Actor } from '../activity/activity.ts';
import type { ChangeContext, Transactional } from '../activity/transactional.ts';
import { InvalidInput } from '../administration-error.ts';
import { type OrganizationAccount, type OrganizationStore, requireOrganization } from './organizations.ts';
import { type PolicyStore, type PolicyVersion, putPolicy } from './policies.ts';
import { checkPolicy } from './policy-rules.ts';
import { allowedHosts, listRegistries, rewrittenRegistries } from './registry-settings.ts';

/** Docker Hub's three switches of Image Access Management. */
export interface RestrictedImages {
  readonly enabled: boolean;
  readonly allowOfficialImages: boolean;
  readonly allowVerifiedPublishers: boolean;
}

/** A registry other than Docker Hub, as an owner wrote it down. */
export interface CustomRegistry {
  /** With or without a scheme; as it was sent. */
  readonly address: string;
  readonly friendlyName: string;
  readonly allowed: boolean;
}

/** Docker's Registry Access Management. */
export interface RegistryAccessSettings {
  readonly enabled: boolean;
  readonly dockerHub: boolean;
  readonly customRegistries: readonly CustomRegistry[];
}

/** Organizations are given by their names. */
export interface Settings {
  /** The current policy in Docker's shape. @throws NotFound */
  restrictedImages(organization: string): Promise<RestrictedImages>;
  /** Keeps the allowlist and every switch that Docker's shape does not know. @throws NotFound */
  setRestrictedImages(organization: string, settings: RestrictedImages, actor: Actor): Promise<PolicyVersion>;
  /** @throws NotFound */
  registryAccess(organization: string): Promise<RegistryAccessSettings>;
  /** The whole object; entries come back as they were sent. @throws NotFound, InvalidInput */
  setRegistryAccess(
    organization: string,
    settings: RegistryAccessSettings,
    actor: Actor,
  ): Promise<RegistryAccessSettings>;
  /** What is left out stays as it is. Tokens that are too old stop at the next request. @throws NotFound, InvalidInput */
  setTokenRules(organization: string, change: Partial<TokenRules>, actor: Actor): Promise<OrganizationAccount>;
}

export interface TokenRules {
  /** How long tokens of the organization and of its members may live, in milliseconds; null for as long as they like. */
  readonly maxTokenLifetimeMs: number | null;
  /** Whether `docker login` takes a member's console password. */
  readonly passwordLogin: boolean;
}

interface Stores {
  readonly organizations: OrganizationStore;
  readonly policies: PolicyStore;
}

type Writing = Stores & ChangeContext;

const minTokenLifetime = 60 * 60 * 1000;
const maxTokenLifetime = 10 * 365 * 24 * 60 * 60 * 1000;

export function createSettings(stores: Transactional<Stores>): Settings {
  const { organizations, policies } = stores.read;
  return {
    async restrictedImages(name) {
      const { policy } = await policies.current((await requireOrganization(organizations, name)).id);
      const { official, 'verified-publisher': verified } = policy.allow;
      return { enabled: policy.enabled, allowOfficialImages: official, allowVerifiedPublishers: verified };
    },
    setRestrictedImages: (name, settings, actor) =>
      stores.change(actor, async (writing) => {
        const organization = await requireOrganization(writing.organizations, name);
        const { policy: current } = await writing.policies.current(organization.id);
        const { enabled, allowOfficialImages: official, allowVerifiedPublishers: verified } = settings;
        const policy = { ...current, enabled, allow: { ...current.allow, official, 'verified-publisher': verified } };
        return putPolicy(writing, organization, { policy, expectedVersion: undefined }, actor);
      }),
    registryAccess: async (name) => readRegistryAccess(stores.read, await requireOrganization(organizations, name)),
    setRegistryAccess: (name, settings, actor) => setRegistryAccess(stores, name, settings, actor),
    async setTokenRules(name, change, actor) {
      checkLifetime(change.maxTokenLifetimeMs ?? null);
      return stores.change(actor, (writing) => setTokenRules(writing, name, change));
    },
  };
}

async function setTokenRules(
  { organizations, record }: Writing,
  name: string,
  change: Partial<TokenRules>,
): Promise<OrganizationAccount> {
  const before = await requireOrganization(organizations, name);
  const after = { ...before, ...change };
  await organizations.update(after);
  const tell = { organizationId: before.id, subject: name };
  if (after.maxTokenLifetimeMs !== before.maxTokenLifetimeMs) {
    await record({ ...tell, action: 'org.settings.update', ...both('maxTokenLifetimeMs') });
  }
  if (after.passwordLogin !== before.passwordLogin) {
    await record({ ...tell, action: 'sign_in.update', ...both('passwordLogin') });
  }
  return after;

  function both(rule: keyof TokenRules) {
    return { before: { [rule]: before[rule] }, after: { [rule]: after[rule] } };
  }
}

async function readRegistryAccess(
  { organizations, policies }: Stores,
  { id }: OrganizationAccount,
): Promise<RegistryAccessSettings> {
  const { registryAccess } = (await policies.current(id)).policy;
  const customRegistries = listRegistries(await organizations.customRegistries(id), registryAccess.registries);
  return { enabled: registryAccess.enabled, dockerHub: registryAccess.dockerHub, customRegistries };
}

async function setRegistryAccess(
  stores: Transactional<Stores>,
  name: string,
  { enabled, dockerHub, customRegistries }: RegistryAccessSettings,
  actor: Actor,
): Promise<RegistryAccessSettings> {
  const registries = allowedHosts(customRegistries);
  return stores.change(actor, async (writing) => {
    const organization = await requireOrganization(writing.organizations, name);
    const { policy: current } = await writing.policies.current(organization.id);
    const policy = { ...current, registryAccess: { enabled, dockerHub, registries } };
    checkPolicy(policy);
    await putPolicy(writing, organization, { policy, expectedVersion: undefined }, actor);
    await setCustomRegistries(writing, organization, customRegistries);
    return readRegistryAccess(writing, organization);
  });
}

/** What is allowed is told with the policy; this is how owners wrote it down. */
async function setCustomRegistries(
  { organizations, record }: Writing,
  { id, name }: OrganizationAccount,
  registries: readonly CustomRegistry[],
): Promise<void> {
  const known = await organizations.customRegistries(id);
  const [before, after] = [{ customRegistries: known }, { customRegistries: registries }];
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  await organizations.setCustomRegistries(id, registries);
  await record({ organizationId: id, action: 'org.settings.update', subject: name, before, after });
  for (const { host: subject, ...change } of rewrittenRegistries(known, registries)) {
    await record({ organizationId: id, action: 'org.registry_access.registry_updated', subject, ...change });
  }
}

function checkLifetime(milliseconds: number | null): void {
  if (milliseconds === null) return;
  const inRange = milliseconds >= minTokenLifetime && milliseconds <= maxTokenLifetime;
  if (Number.isSafeInteger(milliseconds) && inRange) return;
  throw new InvalidInput('maxTokenLifetimeMs', 'The longest lifetime of tokens is between one hour and ten years.');
}
