import {
  defaultPolicy,
  type ImageAccessPolicy,
  type Membership,
  type Organization,
  type OrganizationToken,
  type Person,
  parseImageReference,
  parseTokenResource,
  type Question,
  type RegistryAccess,
  type Repository,
  type Role,
} from '../src/index.ts';

/** Image access management switched on, with Docker's defaults. */
export const on: Partial<ImageAccessPolicy> = { enabled: true };

export function organization(
  name: string,
  policy: Partial<ImageAccessPolicy> = {},
  enforceSignIn = true,
): Organization {
  return { id: `id-of-${name}`, name, policy: { ...defaultPolicy, ...policy }, policyVersion: 1, enforceSignIn };
}

export function person(...memberships: readonly (Organization | Membership)[]): Person {
  return {
    kind: 'person',
    id: 'p1',
    username: 'alice',
    memberships: memberships.map((one) => ('role' in one ? one : as('member', one))),
  };
}

export function as(role: Role, joined: Organization): Membership {
  return { organization: joined, role };
}

export function token(of: Organization, ...resources: readonly string[]): OrganizationToken {
  return { kind: 'organization-token', organization: of, resources: resources.map(parseTokenResource) };
}

export function allowlist(...names: readonly string[]): Partial<ImageAccessPolicy> {
  return { allowlist: { enabled: true, repositories: new Set(names) } };
}

export function registries(dockerHub: boolean, ...listed: readonly string[]): { registryAccess: RegistryAccess } {
  return { registryAccess: { enabled: true, dockerHub, registries: new Set(listed) } };
}

export function repository(text: string): Repository {
  return parseImageReference(text).repository;
}

export type Case = Omit<Question, 'repository' | 'category' | 'claimedBy' | 'home' | 'upstreamKnown'> &
  Partial<Omit<Question, 'repository'>> & { readonly image: string };

/** A question about a Community image that nobody claims, on a known registry and without a home organization. */
export function ask({ image, ...rest }: Case): Question {
  return {
    category: 'community',
    claimedBy: undefined,
    home: undefined,
    upstreamKnown: true,
    ...rest,
    repository: repository(image),
  };
}
