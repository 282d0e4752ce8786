import fc from 'fast-check';
import {
  anonymous,
  type CatalogCategory,
  categories,
  type ImageAccessPolicy,
  type Organization,
  type Principal,
  parseTokenResource,
  type Question,
  type Repository,
  repositoryOf,
  roles,
} from '../src/index.ts';

const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);

/** Registry hosts in many spellings. */
export const hosts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'docker.io',
    'index.docker.io',
    'registry-1.docker.io:443',
    'DOCKER.IO',
    'localhost',
    'Foo',
    'FOO:80',
  ),
  fc.tuple(label, label, fc.constantFrom('', ':443', ':80', ':5000')).map(([a, b, port]) => `${a}.${b}${port}`),
  fc.tuple(label, fc.nat({ max: 65_534 })).map(([a, port]) => `${a}:${port + 1}`),
  fc
    .ipV6()
    .filter((address) => !address.includes('.'))
    .map((address) => `[${address}]:5000`),
);

const component = fc
  .tuple(label, fc.option(fc.tuple(fc.constantFrom('.', '_', '__', '-', '---'), label)))
  .map(([first, more]) => (more === null ? first : first + more.join('')));

/** Repository paths that the grammar allows. */
export const paths: fc.Arbitrary<string> = fc
  .array(component, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'));

export const tags: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/);

export const digests: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-f0-9]{64}$/).map((hex) => `sha256:${hex}`),
  fc.stringMatching(/^[a-f0-9]{128}$/).map((hex) => `sha512:${hex}`),
);

// A small world, so that lists, claims and memberships often meet.

const repositories: fc.Arbitrary<Repository> = fc
  .tuple(fc.constantFrom('docker.io', 'ghcr.io', 'quay.io'), fc.constantFrom('acme/app', 'beta/app', 'library/nginx'))
  .map(([registry, path]) => repositoryOf(registry, path));

const catalogCategories = fc.constantFrom(
  ...categories.filter((category): category is CatalogCategory => category !== 'organization'),
);

const policies: fc.Arbitrary<ImageAccessPolicy> = fc.record({
  enabled: fc.boolean(),
  allow: fc.record({
    official: fc.boolean(),
    'verified-publisher': fc.boolean(),
    'sponsored-oss': fc.boolean(),
    community: fc.boolean(),
  }),
  allowlist: fc.record({
    enabled: fc.boolean(),
    repositories: fc.array(repositories, { maxLength: 2 }).map((listed) => new Set(listed.map(({ name }) => name))),
  }),
  registryAccess: fc.record({
    enabled: fc.boolean(),
    dockerHub: fc.boolean(),
    registries: fc.subarray(['ghcr.io', 'quay.io']).map((listed) => new Set(listed)),
  }),
});

function organizationsNamed(name: string): fc.Arbitrary<Organization> {
  return fc.record({
    id: fc.constant(`id-of-${name}`),
    name: fc.constant(name),
    policy: policies,
    policyVersion: fc.integer({ min: 1 }),
    enforceSignIn: fc.boolean(),
  });
}

const worlds = fc.tuple(organizationsNamed('acme'), organizationsNamed('beta'), organizationsNamed('gamma'));

function principalsOf(world: readonly Organization[]): fc.Arbitrary<Principal> {
  return fc.oneof(
    fc.constant(anonymous),
    fc.record({
      kind: fc.constant('organization-token' as const),
      organization: fc.constantFrom(...world),
      resources: fc.subarray(['acme/app', 'acme/*', 'ghcr.io/beta/*', '*/*/public'].map(parseTokenResource)),
    }),
    fc
      .subarray([...world])
      .chain((joined) =>
        fc.tuple(
          ...joined.map((organization) =>
            fc.record({ organization: fc.constant(organization), role: fc.constantFrom(...roles) }),
          ),
        ),
      )
      .map((memberships) => ({ kind: 'person' as const, id: 'p1', username: 'alice', memberships })),
  );
}

/** Questions of every kind of principal about a small world. */
export const questions: fc.Arbitrary<Question> = worlds.chain((world) =>
  fc.record({
    principal: principalsOf(world),
    repository: repositories,
    category: catalogCategories,
    claimedBy: fc.constantFrom(undefined, ...world),
    home: fc.constantFrom(undefined, ...world),
    upstreamKnown: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  }),
);
