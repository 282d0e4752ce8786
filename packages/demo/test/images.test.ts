import { categories } from '@pullgate/policy';
import type { SmallImage } from '@pullgate/small-registry';
import { describe, expect, test } from 'vitest';
import { demoImages, demoNamespaces, fillRegistry } from '../src/images.ts';

describe('the demo images', () => {
  test('show every category', () => {
    expect(new Set(demoImages.map(({ category }) => category))).toEqual(new Set(categories));
  });

  test('are in namespaces that the hub knows', () => {
    const namespaces = new Set(demoImages.map(({ repository }) => repository.split('/')[0]));
    expect(new Set(Object.keys(demoNamespaces))).toEqual(namespaces);
  });

  test('are different images for two platforms, all tagged latest', () => {
    const added: [string, SmallImage, readonly string[]][] = [];
    fillRegistry({ add: (repository, image, tags = []) => void added.push([repository, image, tags]) });
    expect(added.map(([repository]) => repository)).toEqual(demoImages.map(({ repository }) => repository));
    expect(new Set(added.map(([, image]) => image.root.digest)).size).toBe(demoImages.length);
    for (const [, image, tags] of added) {
      expect(tags).toEqual(['latest']);
      expect(image.manifests).toHaveLength(3);
    }
  });
});
