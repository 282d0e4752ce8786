import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatImageReference,
  InvalidReference,
  type InvalidReferenceCode,
  parseFamiliarName,
  parseImageReference,
  repositoryOf,
} from '../../src/index.ts';
import { digests, hosts, paths, tags } from '../arbitraries.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('two spellings of one image are one reference', () => {
  test.each([
    [
      'docker.io/library/nginx',
      [
        'nginx',
        'library/nginx',
        'docker.io/nginx',
        'index.docker.io/library/nginx',
        'registry-1.docker.io/nginx',
        'registry-1.docker.io/library/nginx',
        'registry.hub.docker.com/library/nginx',
        'hub.docker.com/library/nginx',
        'docker.io:443/nginx',
        'docker.io:443/library/nginx',
        'registry-1.docker.io:443/library/nginx',
        'DOCKER.IO/library/nginx',
        'Docker.io:80/nginx',
      ],
    ],
    ['docker.io/library/nginx:1.27', ['nginx:1.27', 'Index.Docker.IO/nginx:1.27']],
    [
      `docker.io/library/nginx@${digest}`,
      [`nginx@${digest}`, `nginx:1.27@${digest}`, `docker.io:443/nginx:x@${digest}`],
    ],
    ['docker.io/foo/bar', ['foo/bar', 'index.docker.io/foo/bar']],
    ['docker.io/library/foo/bar', ['library/foo/bar']],
    ['docker.io/library/192.168.0.1:80', ['192.168.0.1:80']],
    ['foo:443/bar', ['Foo/bar', 'FOO/bar', 'foo:443/bar', 'FOO:0443/bar']],
    ['ghcr.io/acme/app:v1', ['GHCR.IO/acme/app:v1', 'ghcr.io:443/acme/app:v1']],
    ['localhost/foo', ['localhost/foo', 'localhost:443/foo']],
    ['[fc00::1]:5000/x', ['[fc00::1]:5000/x', '[FC00:0::1]:5000/x']],
    ['127.0.0.1:8000/x/y', ['127.0.0.1:8000/x/y']],
  ])('%s', (canonical, spellings) => {
    for (const spelling of [canonical, ...spellings]) {
      expect(formatImageReference(parseImageReference(spelling)), spelling).toBe(canonical);
    }
  });

  test('a reference is its parts', () => {
    const repository = { registry: 'docker.io', path: 'library/nginx', name: 'docker.io/library/nginx' };
    expect(parseImageReference('nginx')).toStrictEqual({ repository });
    expect(parseImageReference('nginx:1')).toStrictEqual({ repository, tag: '1' });
    expect(parseImageReference(`nginx@${digest}`)).toStrictEqual({ repository, digest });
  });

  test('beside a digest the tag plays no part', () => {
    expect(parseFamiliarName(`nginx:1@${digest}`)).toHaveProperty('tag', '1');
    expect(parseImageReference(`nginx:1@${digest}`)).not.toHaveProperty('tag');
  });

  test('what looks alike stays apart', () => {
    expect(parseImageReference('Foo/bar').repository.name).not.toBe(parseImageReference('foo/bar').repository.name);
    expect(parseImageReference('docker.io:5000/nginx').repository.name).toBe('docker.io:5000/nginx');
    expect(parseImageReference('mirror.gcr.io/library/nginx').repository.registry).toBe('mirror.gcr.io');
  });
});

test.each<[string, InvalidReferenceCode]>([
  ['', 'empty'],
  ['docker/Docker', 'uppercase'],
  ['ghcr.io:99999/x', 'invalid-host'],
  ['[fd00123123123]:5000/x', 'invalid-host'],
  [`registry-1.docker.io/${'a'.repeat(250)}`, 'too-long'],
  ['nginx:', 'invalid-tag'],
  ['nginx@sha256:0', 'invalid-digest'],
])('%j is refused: %s', (text, code) => {
  expect(() => parseImageReference(text)).toThrow(expect.objectContaining({ code }));
});

describe('properties', () => {
  const spellings = fc
    .tuple(fc.option(hosts), paths, fc.option(tags), fc.option(digests))
    .map(([host, path, tag, sum]) =>
      [host === null ? '' : `${host}/`, path, tag === null ? '' : `:${tag}`, sum === null ? '' : `@${sum}`].join(''),
    );
  const almost = fc
    .array(
      fc.constantFrom(
        'a',
        'A',
        '0',
        '.',
        '_',
        '-',
        '/',
        ':',
        '@',
        '[',
        ']',
        '%',
        ' ',
        'docker.io',
        'library',
        digest,
        '\n',
        '\u00e9',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''));

  test('what is formatted parses to the same reference', () => {
    fc.assert(
      fc.property(fc.oneof(spellings, almost), (text) => {
        const reference = parsed(text);
        if (reference === undefined) return;
        expect(parseImageReference(formatImageReference(reference))).toStrictEqual(reference);
      }),
      { numRuns: 1000 },
    );
  });

  test('the name, the path on the wire and what people write never disagree', () => {
    fc.assert(
      fc.property(spellings, (text) => {
        const repository = parsed(text)?.repository;
        if (repository === undefined) return;
        expect(repositoryOf(repository.registry, repository.path)).toStrictEqual(repository);
        expect(parseImageReference(repository.name).repository).toStrictEqual(repository);
        expect(repository.name).toBe(`${repository.registry}/${repository.path}`);
      }),
    );
  });

  test('generated spellings are accepted', () => {
    fc.assert(fc.property(hosts, paths, tags, (host, path, tag) => parsed(`${host}/${path}:${tag}`) !== undefined));
  });

  test('nothing but InvalidReference is ever thrown, with one printable line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), almost), (text) => {
        try {
          parseImageReference(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidReference);
          expect(String(error)).toMatch(/^[ -~]+$/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function parsed(text: string) {
  try {
    return parseImageReference(text);
  } catch (error) {
    if (error instanceof InvalidReference) return undefined;
    throw error;
  }
}
