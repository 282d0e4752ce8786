import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/administration-error.ts';
import { checkResources, pullableResources, type Resource } from '../../src/tokens/resources.ts';
import { grants, type Scope } from '../../src/tokens/scopes.ts';

const pull: Resource = { type: 'TYPE_REPO', path: 'acme/web', scopes: ['scope-image-pull'] };
const members: Resource = { type: 'TYPE_ORG', path: 'acme', scopes: ['scope-member-read'] };

describe('a scope', () => {
  const table: readonly (readonly [string, Scope, boolean])[] = [
    ['scope-image-pull', 'scope-image-pull', true],
    ['scope-image-push', 'scope-image-pull', true],
    ['scope-image-delete', 'scope-image-pull', true],
    ['scope-image-delete', 'scope-image-push', true],
    ['scope-image-pull', 'scope-image-push', false],
    ['scope-repository-admin', 'scope-repository-read', true],
    ['scope-repository-admin', 'scope-image-pull', false],
    ['scope-ram-write', 'scope-ram-read', true],
    ['scope-member-edit', 'scope-member-read', true],
    ['scope-of-nothing', 'scope-image-pull', false],
    ['constructor', 'scope-image-pull', false],
  ];

  it.each(table)('%s grants %s: %s', (scope, wanted, granted) => {
    expect(grants([scope], wanted)).toBe(granted);
  });
});

describe('the resources of an organization access token', () => {
  it.each<Resource>([
    pull,
    members,
    { ...pull, path: 'acme/*' },
    { ...pull, path: '*/*/public' },
    { ...pull, path: 'ghcr.io/acme/web' },
  ])('can be $type $path', (resource) => {
    expect(checkResources('acme', [resource])).toEqual([resource]);
  });

  it('keep their scopes in the order in which they were given', () => {
    const scopes = ['scope-tag-read', 'scope-image-pull'];
    expect(checkResources('acme', [{ ...pull, scopes }])[0]?.scopes).toEqual(scopes);
  });

  it.each<[string, readonly Resource[]]>([
    ['none', []],
    ['more than 50', Array.from({ length: 51 }, () => pull)],
    ['of another organization', [{ ...members, path: 'globex' }]],
    ['without a scope', [{ ...pull, scopes: [] }]],
    ['with a scope of another type', [{ ...pull, scopes: ['scope-member-read'] }]],
    ['with a scope nobody knows', [{ ...members, scopes: ['scope-everything'] }]],
    ['everything at once', [{ ...pull, path: '*' }]],
    ['a path that names nothing', [{ ...pull, path: 'Acme/Web' }]],
    ['a very long path', [{ ...pull, path: `acme/${'x'.repeat(10_000)}` }]],
    ['of a type nobody knows', [{ ...pull, type: 'TYPE_ALL' as Resource['type'] }]],
  ])('cannot be %s', (_why, resources) => {
    expect(() => checkResources('acme', resources)).toThrow(InvalidInput);
  });
});

describe('what an organization access token may pull', () => {
  it.each<[string, Resource, unknown]>([
    ['a repository', pull, [{ kind: 'repository', name: 'docker.io/acme/web' }]],
    ['all of a namespace', { ...pull, path: 'acme/*' }, [{ kind: 'prefix', prefix: 'docker.io/acme/' }]],
    ['all that is public', { ...pull, path: '*/*/public' }, [{ kind: 'public' }]],
    [
      'what it may push',
      { ...pull, scopes: ['scope-image-push'] },
      [{ kind: 'repository', name: 'docker.io/acme/web' }],
    ],
    ['nothing that it may only describe', { ...pull, scopes: ['scope-repository-admin'] }, []],
    ['nothing through the organization', members, []],
    ['nothing at a path that cannot be read', { ...pull, path: 'Acme//' }, []],
  ])('is %s', (_what, resource, expected) => {
    expect(pullableResources([resource])).toEqual(expected);
  });
});
