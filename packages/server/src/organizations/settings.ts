import type { Actor } from '../activity/activity.ts';
import type { OrganizationAccount } from './organizations.ts';
import type { PolicyVersion } from './policies.ts';

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
  /**
   * How long tokens of the organization and of its members may live, in milliseconds; null for as long as they like.
   * Older ones stop at the next request. @throws NotFound, InvalidInput
   */
  setMaxTokenLifetime(organization: string, milliseconds: number | null, actor: Actor): Promise<OrganizationAccount>;
  /** Whether `docker login` takes a member's console password. @throws NotFound */
  setPasswordLogin(organization: string, accepted: boolean, actor: Actor): Promise<OrganizationAccount>;
}
