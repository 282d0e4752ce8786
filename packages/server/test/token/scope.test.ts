import { repositoryOf } from '@pullgate/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repositoryNamed } from '../../src/registry/route.ts';
import { InvalidScope, parseScopes } from '../../src/token/scope.ts';

const parse = (...texts: string[]) => parseScopes(texts, (name) => repositoryNamed(name, undefined, undefined));
const names = (...texts: string[]) => parse(...texts).map(({ name }) => name);

describe('a scope', () => {
  it.each<[string, string[], string[]]>([
    ['names one repository', ['repository:library/alpine:pull'], ['library/alpine']],
    ['comes several times', ['repository:a/b:pull', 'repository:c/d:pull'], ['a/b', 'c/d']],
    ['comes in one field', ['repository:a/b:pull repository:c/d:pull'], ['a/b', 'c/d']],
    ['counts once', ['repository:a/b:pull repository:a/b:pull,push', 'repository:a/b:pull'], ['a/b']],
    ['may hold other actions', ['repository:a/b:push,pull,delete'], ['a/b']],
    ['grants no push', ['repository:a/b:push'], []],
    ['grants no star', ['repository:a/b:*'], []],
    ['grants no empty action', ['repository:a/b:'], []],
    ['grants no action in another case', ['repository:a/b:PULL'], []],
    ['grants no catalog', ['registry:catalog:*'], []],
    ['grants nothing of an unknown type', ['admin:a/b:pull'], []],
    ['may have the class plugin', ['repository(plugin):a/b:pull'], ['a/b']],
    ['may have no other class', ['repository(admin):a/b:pull'], []],
    ['may name a port', ['repository:registry.test:5000/a:pull'], ['registry.test:5000/a']],
    ['may be missing', [], []],
    ['may be empty', ['', '   '], []],
  ])('%s: %j', (_, texts, expected) => {
    expect(names(...texts)).toEqual(expected);
  });

  it('keeps the client’s spelling beside the repository that it means', () => {
    expect(parse('repository:index.docker.io/nginx:pull')).toEqual([
      { name: 'index.docker.io/nginx', repository: repositoryOf('docker.io', 'library/nginx') },
    ]);
  });

  it.each([
    ['no colon', 'repository'],
    ['one colon', 'repository:a/b'],
    ['no type', ':a/b:pull'],
    ['no name', 'repository::pull'],
    ['a star', 'repository:*:pull'],
    ['upper case', 'repository:A/b:pull'],
    ['a trailing slash', 'repository:a/:pull'],
    ['a leading slash', 'repository:/a/b:pull'],
    ['a tag', 'repository:a/b:latest:pull'],
    ['more than fits', `repository:${'a'.repeat(1025)}:pull`],
    ['a long name of an unknown type', `admin:${'a'.repeat(1025)}:pull`],
  ])('is malformed with %s: %s', (_, text) => {
    expect(() => parse(text)).toThrow(InvalidScope);
  });

  it('comes a hundred times at most', () => {
    const scopes = (count: number) =>
      Array.from({ length: count }, (_, index) => `repository:a/b${index}:pull`).join(' ');
    expect(names(scopes(100))).toHaveLength(100);
    expect(() => parse(scopes(101))).toThrow(/100 scopes/);
  });

  it('comes with names that fit into a token', () => {
    const scopes = (length: number) =>
      Array.from({ length: 50 }, (_, index) => `repository:${String(index).padStart(length, 'a')}:pull`).join(' ');
    expect(names(scopes(100))).toHaveLength(50);
    expect(() => parse(scopes(101))).toThrow(/Ask for several/);
  });

  it('never fails in another way, and never grants a name that the registry would not take', () => {
    const part = fc.constantFrom(
      'repository',
      'registry',
      ':',
      ':',
      'pull',
      'push',
      ',',
      '*',
      'a',
      '/',
      '..',
      ' ',
      'A',
      '%2F',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        try {
          for (const name of names(parts.join(''))) expect(name).toMatch(/^[a-z0-9./:-]+$/);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidScope);
        }
      }),
    );
  });
});
