import type { ImageAccessPolicy } from './policy.ts';

export const roles = ['member', 'editor', 'owner'] as const;
export type Role = (typeof roles)[number];

/** An organization as the decision sees it: a snapshot that is never changed, only replaced. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly policy: ImageAccessPolicy;
  /** Grows by one with each change of the policy, from 1. */
  readonly policyVersion: number;
  /** No pull without a signed-in person. On by default; read from the home organization for anonymous pulls. */
  readonly enforceSignIn: boolean;
}

export interface Membership {
  readonly organization: Organization;
  readonly role: Role;
}

/** Somebody signed in with a personal access token. Memberships are sorted by the organization's name. */
export interface Person {
  readonly kind: 'person';
  readonly id: string;
  readonly username: string;
  readonly memberships: readonly Membership[];
}

/** An organization access token: belongs to an organization, to nobody in particular. */
export interface OrganizationToken {
  readonly kind: 'organization-token';
  readonly organization: Organization;
  readonly resources: readonly TokenResource[];
}

/**
 * What an organization access token may pull: a canonical repository (`docker.io/acme/web`), all below a prefix that
 * ends with a slash (`docker.io/acme/`, so that `docker.io/acme-evil` is not below it), or every public repository.
 */
export type TokenResource =
  | { readonly kind: 'repository'; readonly name: string }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'public' };

export interface Anonymous {
  readonly kind: 'anonymous';
}

export type Principal = Person | OrganizationToken | Anonymous;

export const anonymous: Anonymous = { kind: 'anonymous' };
