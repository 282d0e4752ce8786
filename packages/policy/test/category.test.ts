import { expect, test } from 'vitest';
import { type Category, type ImageKind, imageKindOf } from '../src/index.ts';

test.each<[string, string, Category, ImageKind]>([
  ['a community image', 'docker.io/evil/miner', 'community', 'community'],
  ['what no category is about', 'ghcr.io/evil/miner', 'community', 'other-registry'],
  ['a registry that is called alike', 'docker.io.evil.test/evil/miner', 'community', 'other-registry'],
  ['an image of an organization, wherever it is', 'ghcr.io/acme/web', 'organization', 'organization'],
  ['what the operator says of another registry', 'ghcr.io/northwind/agent', 'verified-publisher', 'verified-publisher'],
])('%s: %s, %s, is told as %s', (_description, repository, category, kind) => {
  expect(imageKindOf({ category, repository })).toBe(kind);
});
