import { expect, test } from 'vitest';
import { parseNamespace } from '../src/namespace-name.ts';

test.each([
  ['acme', 'docker.io', 'acme'],
  ['docker.io/acme', 'docker.io', 'acme'],
  ['registry-1.docker.io/acme', 'docker.io', 'acme'],
  ['GHCR.io/acme', 'ghcr.io', 'acme'],
  ['localhost:5000/acme', 'localhost:5000', 'acme'],
])('%s', (text, registry, namespace) => {
  expect(parseNamespace(text)).toEqual({ registry, namespace });
});

test.each([
  ['nothing', ''],
  ['a repository of it', 'docker.io/acme/web'],
  ['a repository without its registry', 'acme/web'],
  ['a registry alone', 'ghcr.io'],
  ['a registry with nothing behind it', 'ghcr.io/'],
])('%s is no namespace', (_, text) => {
  expect(() => parseNamespace(text)).toThrow('A namespace is written like docker.io/acme');
});
