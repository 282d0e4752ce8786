import { type CatalogCategory, repositoryOf } from '@pullgate/policy';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BadgeAnswer, BadgeSource } from '../../src/catalog/badge-source.ts';
import { type Catalog, type CatalogOptions, createCatalog } from '../../src/catalog/catalog.ts';
import type { CategoryFact, CategoryStore } from '../../src/catalog/category-store.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 0, 1);

let now: number;
let hub: Hub;
let store: MemoryStore;
let open: Catalog[];
beforeEach(() => {
  now = start;
  hub = createHub({ bitnami: 'verified-publisher', binacle: 'sponsored-oss', acme: 'community' });
  store = createStore();
  open = [];
});
afterEach(() => {
  for (const catalog of open) catalog.close();
});

async function catalogWith(options: Partial<CatalogOptions> = {}): Promise<Catalog> {
  const catalog = await createCatalog({
    store,
    badges: hub,
    overrides: new Map(),
    refreshMs: day,
    log: { info: () => {}, warn: () => {} },
    now: () => now,
    ...options,
    timing: { deadlineMs: 5_000, refreshPaceMs: 0, failurePauseMs: 60_000, unknownMs: 60_000, ...options.timing },
  });
  open.push(catalog);
  return catalog;
}

/** `docker.io/a/b` or `ghcr.io/a/b`. */
const at = (name: string) => repositoryOf(name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1));

describe('the category follows from the canonical name', () => {
  test.each<[string, CatalogCategory, string]>([
    ['docker.io/library/nginx', 'official', 'official-list'],
    ['docker.io/nginx', 'official', 'official-list'],
    ['docker.io/library/centos', 'official', 'official-list-retired'],
    ['docker.io/library/plone', 'official', 'official-list-retired'],
    ['docker.io/library/not-on-the-list', 'community', 'official-list'],
    ['docker.io/library/foo/bar', 'community', 'official-list'],
    ['docker.io/library/nginx/nginx', 'community', 'official-list'],
    ['docker.io/library/constructor', 'community', 'official-list'],
    ['docker.io/amd64/nginx', 'community', 'hub'],
    ['docker.io/bitnami/redis', 'verified-publisher', 'hub'],
    ['docker.io/binacle/binacle', 'sponsored-oss', 'hub'],
    ['docker.io/acme/web', 'community', 'hub'],
    ['docker.io/nobody/web', 'community', 'hub'],
    ['ghcr.io/library/nginx', 'community', 'other-registry'],
    ['ghcr.io/bitnami/redis', 'community', 'other-registry'],
    ['quay.io/nginx', 'community', 'other-registry'],
    ['docker.io.evil.example/library/nginx', 'community', 'other-registry'],
    ['docker.io:444/library/nginx', 'community', 'other-registry'],
  ])('%s is %s (%s)', async (name, category, source) => {
    const catalog = await catalogWith();
    expect(await catalog.categoryOf(at(name))).toMatchObject({ category, source });
  });

  test('official images and other registries need no look-up', async () => {
    const catalog = await catalogWith();
    for (const name of ['docker.io/library/nginx', 'docker.io/library/x', 'ghcr.io/acme/web']) {
      expect(catalog.categoryOf(at(name))).not.toBeInstanceOf(Promise);
    }
    expect(hub.asked).toEqual([]);
  });

  test('an official image is known as of its list', async () => {
    const officialImages = { current: new Set(['a']), retired: new Set(['b']), asOf: 5 };
    const catalog = await catalogWith({ officialImages });
    expect(catalog.categoryOf(at('docker.io/library/a'))).toEqual({
      category: 'official',
      source: 'official-list',
      asOf: 5,
    });
  });
});

describe('the operator has the last word', () => {
  const overrides = new Map<string, CatalogCategory>([
    ['docker.io/acme', 'verified-publisher'],
    ['docker.io/acme/secret', 'community'],
    ['docker.io/library/nginx', 'community'],
    ['ghcr.io/acme', 'official'],
    ['ghcr.io/acme/team/web', 'sponsored-oss'],
  ]);

  test.each<[string, CatalogCategory, string]>([
    ['docker.io/acme/web', 'verified-publisher', 'operator'],
    ['docker.io/acme/secret', 'community', 'operator'],
    ['docker.io/library/nginx', 'community', 'operator'],
    ['ghcr.io/acme/web', 'official', 'operator'],
    ['ghcr.io/acme/team/api', 'official', 'operator'],
    ['ghcr.io/acme/team/web', 'sponsored-oss', 'operator'],
    ['docker.io/acmes/web', 'community', 'hub'],
    ['docker.io/library/nginxs', 'community', 'official-list'],
    ['ghcr.io/acmes/web', 'community', 'other-registry'],
  ])('%s is %s (%s)', async (name, category, source) => {
    const catalog = await catalogWith({ overrides });
    expect(await catalog.categoryOf(at(name))).toMatchObject({ category, source });
  });
});

describe('a namespace that was never asked for', () => {
  test('is looked up once, for all that ask meanwhile', async () => {
    const catalog = await catalogWith();
    const answers = await Promise.all(
      [1, 2, 3].map(async (number) => catalog.categoryOf(at(`docker.io/bitnami/image${number}`))),
    );
    expect(answers.map(({ category }) => category)).toEqual(Array(3).fill('verified-publisher'));
    expect(hub.asked).toEqual(['bitnami']);
  });

  test('is known at once from then on', async () => {
    const catalog = await catalogWith();
    await catalog.categoryOf(at('docker.io/bitnami/redis'));
    now += hour;
    expect(catalog.categoryOf(at('docker.io/bitnami/nginx'))).toEqual({
      category: 'verified-publisher',
      source: 'hub',
      asOf: start,
    });
  });

  test('is known after a restart', async () => {
    await (await catalogWith()).categoryOf(at('docker.io/bitnami/redis'));
    const restarted = await catalogWith({ badges: createHub({}) });
    expect(restarted.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({
      category: 'verified-publisher',
      asOf: start,
    });
  });

  test('is stored only when it has a badge: names that anybody may invent must not fill the database', async () => {
    const catalog = await catalogWith();
    await catalog.categoryOf(at('docker.io/acme/web'));
    await catalog.categoryOf(at('docker.io/invented/web'));
    await catalog.categoryOf(at('docker.io/bitnami/redis'));
    expect([...store.facts.keys()]).toEqual(['docker.io/bitnami']);
  });

  test('does not push out a badge, however many are asked for', async () => {
    const catalog = await catalogWith();
    await catalog.categoryOf(at('docker.io/bitnami/redis'));
    for (let number = 0; number < 20_100; number++) await catalog.categoryOf(at(`docker.io/invented${number}/web`));
    hub.answer = { known: false, reason: 'unavailable', retryAfter: undefined };
    expect(catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({ category: 'verified-publisher' });
    expect(await catalog.categoryOf(at('docker.io/invented0/web'))).toMatchObject({ source: 'unknown' });
  });

  test.each<BadgeAnswer>([
    { known: false, reason: 'unavailable', retryAfter: undefined },
    { known: false, reason: 'untrustworthy', retryAfter: undefined },
    { known: false, reason: 'rate-limited', retryAfter: undefined },
  ])('counts as community when the look-up fails, for a minute without asking again: %o', async (answer) => {
    hub.answer = answer;
    const catalog = await catalogWith();
    expect(await catalog.categoryOf(at('docker.io/bitnami/redis'))).toEqual({
      category: 'community',
      source: 'unknown',
      asOf: start,
    });
    hub.answer = undefined;
    now += 59_000;
    expect(catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({
      category: 'community',
      source: 'unknown',
    });
    expect(hub.asked).toHaveLength(1);
    now += 2_000;
    expect(await catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({ category: 'verified-publisher' });
  });

  test('counts as community when Docker Hub takes too long, until it has answered', async () => {
    const release = hub.hold();
    const catalog = await catalogWith({ timing: { deadlineMs: 1 } });
    expect(await catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({
      category: 'community',
      source: 'unknown',
    });
    expect(catalog.categoryOf(at('docker.io/bitnami/redis'))).not.toBeInstanceOf(Promise);
    release();
    await vi.waitFor(() =>
      expect(catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({
        category: 'verified-publisher',
        source: 'hub',
      }),
    );
    expect(hub.asked).toEqual(['bitnami']);
  });

  test('waits in no endless queue: a crowd of look-ups lets the rest count as unknown', async () => {
    const release = hub.hold();
    const catalog = await catalogWith();
    const crowd = Array.from({ length: 64 }, async (_, number) =>
      catalog.categoryOf(at(`docker.io/crowd${number}/web`)),
    );
    expect(catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({ source: 'unknown' });
    release();
    await Promise.all(crowd);
    expect(await catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({ category: 'verified-publisher' });
  });

  test('counts as community when it cannot be stored', async () => {
    store.failing = true;
    const catalog = await catalogWith();
    expect(await catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({ source: 'unknown' });
  });

  test.each([
    ['as long as it asked for', 300, 300_000],
    ['for a minute when it named no time', undefined, 60_000],
    ['for an hour at most', 86_400, hour],
  ])('is not looked up while Docker Hub asks to slow down, %s', async (_, retryAfter, silence) => {
    const catalog = await catalogWith({ timing: { unknownMs: 0 } });
    hub.answer = { known: false, reason: 'rate-limited', retryAfter };
    await catalog.categoryOf(at('docker.io/acme/web'));
    hub.answer = undefined;
    now += silence - 1;
    expect(catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({ source: 'unknown' });
    expect(hub.asked).toEqual(['acme']);
    now += 1;
    expect(await catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({ category: 'verified-publisher' });
  });
});

describe('what is known is looked up again when it is older than a day', () => {
  async function catalogOfYesterday(options: Partial<CatalogOptions> = {}): Promise<Catalog> {
    const catalog = await catalogWith(options);
    await catalog.categoryOf(at('docker.io/bitnami/redis'));
    await catalog.categoryOf(at('docker.io/acme/web'));
    hub.asked.length = 0;
    now += day + 1;
    return catalog;
  }

  test('in the background: the pull is answered with what is known', async () => {
    const catalog = await catalogOfYesterday();
    hub.badges['bitnami'] = 'community';
    expect(catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({ category: 'verified-publisher' });
    await vi.waitFor(() =>
      expect(catalog.categoryOf(at('docker.io/bitnami/redis'))).toEqual({
        category: 'community',
        source: 'hub',
        asOf: now,
      }),
    );
    expect(store.facts.get('docker.io/bitnami')).toMatchObject({ category: 'community', asOf: now, checkedAt: now });
  });

  test('and what stays the same has been so since then', async () => {
    const catalog = await catalogOfYesterday();
    void catalog.categoryOf(at('docker.io/bitnami/redis'));
    await vi.waitFor(() => expect(store.facts.get('docker.io/bitnami')).toMatchObject({ asOf: start, checkedAt: now }));
  });

  test('and a badge that is new is stored', async () => {
    const catalog = await catalogOfYesterday();
    hub.badges['acme'] = 'sponsored-oss';
    void catalog.categoryOf(at('docker.io/acme/web'));
    await vi.waitFor(() =>
      expect(catalog.categoryOf(at('docker.io/acme/web'))).toMatchObject({ category: 'sponsored-oss' }),
    );
    expect(store.facts.get('docker.io/acme')).toMatchObject({ category: 'sponsored-oss' });
  });

  test('and a first badge is told as the change that it is', async () => {
    const catalog = await catalogOfYesterday();
    hub.badges['acme'] = 'sponsored-oss';
    void catalog.categoryOf(at('docker.io/acme/web'));
    await vi.waitFor(() => expect(store.changes).toEqual(['docker.io/acme: community to sponsored-oss']));
  });

  test('but not before', async () => {
    const catalog = await catalogOfYesterday();
    now -= 2;
    void catalog.categoryOf(at('docker.io/bitnami/redis'));
    now += 2;
    void catalog.categoryOf(at('docker.io/acme/web'));
    await vi.waitFor(() => expect(hub.asked).toContain('acme'));
    expect(hub.asked).toEqual(['acme']);
  });

  test('one after the other', async () => {
    const catalog = await catalogOfYesterday();
    const release = hub.hold();
    void catalog.categoryOf(at('docker.io/bitnami/redis'));
    void catalog.categoryOf(at('docker.io/acme/web'));
    await vi.waitFor(() => expect(hub.asked).toEqual(['bitnami']));
    release();
    await vi.waitFor(() => expect(hub.asked).toEqual(['bitnami', 'acme']));
  });

  test.each<BadgeAnswer>([
    { known: false, reason: 'unavailable', retryAfter: undefined },
    { known: false, reason: 'untrustworthy', retryAfter: undefined },
    { known: false, reason: 'rate-limited', retryAfter: 60 },
  ])('and stays as it is when that fails: %o', async (answer) => {
    const catalog = await catalogOfYesterday();
    hub.answer = answer;
    void catalog.categoryOf(at('docker.io/bitnami/redis'));
    await vi.waitFor(() => expect(hub.asked).toEqual(['bitnami']));
    expect(catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({
      category: 'verified-publisher',
      asOf: start,
    });
    expect(store.facts.get('docker.io/bitnami')).toMatchObject({ checkedAt: start });
  });

  test('and nothing is asked for while Docker Hub asks to slow down', async () => {
    const catalog = await catalogOfYesterday({ timing: { failurePauseMs: 0 } });
    hub.answer = { known: false, reason: 'rate-limited', retryAfter: 60 };
    void catalog.categoryOf(at('docker.io/bitnami/redis'));
    await vi.waitFor(() => expect(hub.asked).toEqual(['bitnami']));
    void catalog.categoryOf(at('docker.io/acme/web'));
    void catalog.categoryOf(at('docker.io/bitnami/redis'));
    // The refresher takes both in a few turns of the event loop, and drops them.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(hub.asked).toEqual(['bitnami']);
    now += 60_000;
    void catalog.categoryOf(at('docker.io/acme/web'));
    await vi.waitFor(() => expect(hub.asked).toEqual(['bitnami', 'acme']));
  });

  test('and a change that cannot be stored is not made', async () => {
    const catalog = await catalogOfYesterday();
    store.failing = true;
    hub.badges['bitnami'] = 'community';
    void catalog.categoryOf(at('docker.io/bitnami/redis'));
    await vi.waitFor(() => expect(store.refused).toBe(1));
    expect(catalog.categoryOf(at('docker.io/bitnami/redis'))).toMatchObject({ category: 'verified-publisher' });
  });
});

interface Hub extends BadgeSource {
  readonly asked: string[];
  readonly badges: Record<string, 'verified-publisher' | 'sponsored-oss' | 'community'>;
  /** Given instead of the badge. */
  answer: BadgeAnswer | undefined;
  /** No answer before the returned function is called. */
  hold(): () => void;
}

function createHub(badges: Hub['badges']): Hub {
  let held: Promise<void> | undefined;
  const hub: Hub = {
    asked: [],
    badges,
    answer: undefined,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    async badgeOf(namespace) {
      hub.asked.push(namespace);
      await held;
      return hub.answer ?? { known: true, category: badges[namespace] ?? 'community' };
    },
  };
  return hub;
}

interface MemoryStore extends CategoryStore {
  readonly facts: Map<string, CategoryFact>;
  /** What goes to the activity. */
  readonly changes: string[];
  failing: boolean;
  refused: number;
}

function createStore(): MemoryStore {
  const facts = new Map<string, CategoryFact>();
  const store: MemoryStore = {
    facts,
    changes: [],
    failing: false,
    refused: 0,
    find: async (registry, namespace) => facts.get(`${registry}/${namespace}`),
    list: async () => [...facts.values()],
    async save(fact, unstored) {
      if (store.failing) {
        store.refused++;
        throw new Error('The disk is full.');
      }
      const name = `${fact.registry}/${fact.namespace}`;
      const before = (facts.get(name) ?? unstored)?.category ?? fact.category;
      if (before !== fact.category) store.changes.push(`${name}: ${before} to ${fact.category}`);
      facts.set(name, fact);
    },
  };
  return store;
}
