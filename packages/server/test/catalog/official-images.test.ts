import { describe, expect, test } from 'vitest';
import list from '../../src/catalog/official-images.json' with { type: 'json' };
import { officialImages } from '../../src/catalog/official-images.ts';

describe('the list of Docker Official Images', () => {
  test('says from where and when it is', () => {
    expect(list.source).toBe('docker-library/official-images');
    expect(list.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(new Date(officialImages.asOf).toISOString()).toBe(`${list.date}T00:00:00.000Z`);
  });

  test.each(['current', 'retired'] as const)('%s names are one part of a path, sorted, each once', (key) => {
    expect(list[key]).toEqual([...new Set(list[key])].sort());
    for (const name of list[key]) expect(name).toMatch(/^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/);
  });

  test('no name is both', () => {
    expect(list.current.filter((name) => officialImages.retired.has(name))).toEqual([]);
  });

  test.each(['alpine', 'debian', 'nginx', 'node', 'postgres', 'hello-world'])('%s is current', (name) => {
    expect(officialImages.current.has(name)).toBe(true);
  });

  test.each(['centos', 'java', 'mongo-express'])('%s is retired', (name) => {
    expect(officialImages.retired.has(name)).toBe(true);
  });

  test('scratch, which no registry has, is neither', () => {
    expect(officialImages.current.has('scratch') || officialImages.retired.has('scratch')).toBe(false);
  });
});
