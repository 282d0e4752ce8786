import { dockerHub } from '@pullgate/policy';
import { LRUCache } from 'lru-cache';
import type { Soon } from '../soon.ts';
import type { BadgeCategory, BadgeSource } from './badge-source.ts';
import type { CategoryFact, CategoryStore } from './category-store.ts';
import type { KnownCategory } from './known-category.ts';
import { createRefresher } from './refresher.ts';

/** How patient the catalog is with Docker Hub. Milliseconds. */
export interface HubTiming {
  /** How long a pull waits for the first look-up of its namespace. */
  readonly deadlineMs: number;
  /** How long a namespace that could not be looked up counts as unknown without asking again. */
  readonly unknownMs: number;
  /** Between two refreshes in the background. */
  readonly refreshPaceMs: number;
  /** How long nothing is refreshed after a failure. */
  readonly failurePauseMs: number;
}

export const defaultHubTiming: HubTiming = {
  deadlineMs: 4_000,
  unknownMs: 60_000,
  refreshPaceMs: 2_000,
  failurePauseMs: 60_000,
};

export interface CatalogLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

export interface HubNamespacesOptions {
  readonly store: CategoryStore;
  readonly badges: BadgeSource;
  readonly refreshMs: number;
  readonly timing: HubTiming;
  readonly log: CatalogLog;
  readonly now: () => number;
}

export interface HubNamespaces {
  /** The last known category. Nothing is looked up. */
  known(namespace: string): KnownCategory | undefined;
  categoryOf(namespace: string): Soon<KnownCategory>;
  close(): void;
}

/** Whoever may pull may also ask for any number of names that do not exist: none of this grows without limit. */
const maxPlain = 20_000;
const maxUnknown = 20_000;
const maxLookups = 64;
const maxSilenceMs = 3_600_000;

/**
 * What is known of namespaces on Docker Hub. Those that have, or had, a badge are stored and always in memory. Those
 * without one are kept apart, as many as fit: a member who asks for thousands of names must not push out a badge, nor
 * fill the database.
 */
export async function openHubNamespaces(options: HubNamespacesOptions): Promise<HubNamespaces> {
  const { store, badges, refreshMs, timing, log, now } = options;
  const stored = new Map<string, CategoryFact>();
  for (const fact of await store.list()) if (fact.registry === dockerHub) stored.set(fact.namespace, fact);
  const plain = new LRUCache<string, CategoryFact>({ max: maxPlain });
  /** Until when a namespace is not asked for again. */
  const unknown = new LRUCache<string, number>({ max: maxUnknown });
  const lookups = new Map<string, Promise<boolean>>();
  /** Docker Hub asked not to be asked until then. */
  let silentUntil = 0;

  const known = (namespace: string): CategoryFact | undefined => stored.get(namespace) ?? plain.get(namespace);
  const refresher = createRefresher({ refresh: lookUp, timing });

  /** Tells whether it succeeded. What it found is known from then on. */
  function lookUp(namespace: string): Promise<boolean> {
    const running = lookups.get(namespace);
    if (running !== undefined) return running;
    const lookup = ask(namespace)
      .catch((error: unknown) => {
        log.warn({ namespace, err: error }, 'A category could not be stored; the last known one counts.');
        return false;
      })
      .finally(() => lookups.delete(namespace));
    lookups.set(namespace, lookup);
    return lookup;
  }

  async function ask(namespace: string): Promise<boolean> {
    if (now() < silentUntil) return false;
    const answer = await badges.badgeOf(namespace);
    if (answer.known) return learn(namespace, answer.category);
    const pauseMs = Math.min((answer.retryAfter ?? 0) * 1000, maxSilenceMs);
    if (answer.reason === 'rate-limited') silentUntil = now() + Math.max(pauseMs, timing.failurePauseMs);
    log.warn(
      { namespace, reason: answer.reason },
      'Docker Hub did not tell the badge; the last known category counts, or else community.',
    );
    return false;
  }

  async function learn(namespace: string, category: BadgeCategory): Promise<boolean> {
    const before = known(namespace);
    const checkedAt = now();
    const asOf = before?.category === category ? before.asOf : checkedAt;
    const fact: CategoryFact = { registry: dockerHub, namespace, category, source: 'hub', asOf, checkedAt };
    if (category === 'community' && !stored.has(namespace)) {
      plain.set(namespace, fact);
      return true;
    }
    // Before it counts: a change of what people may pull is in the activity, or it is not made.
    await store.save(fact, plain.get(namespace));
    if (before !== undefined && before.category !== category) {
      log.info({ namespace, before: before.category, after: category }, 'Docker Hub changed the badge of a namespace.');
    }
    stored.set(namespace, fact);
    plain.delete(namespace);
    return true;
  }

  async function firstCategory(namespace: string): Promise<KnownCategory> {
    await withinDeadline(lookUp(namespace), timing.deadlineMs);
    const fact = known(namespace);
    if (fact !== undefined) return categoryOf(fact);
    unknown.set(namespace, now() + timing.unknownMs);
    return unknownCategory(now());
  }

  return {
    known(namespace) {
      const fact = known(namespace);
      return fact && categoryOf(fact);
    },
    categoryOf(namespace) {
      const fact = known(namespace);
      if (fact !== undefined) {
        if (now() - fact.checkedAt > refreshMs) refresher.want(namespace);
        return categoryOf(fact);
      }
      const pointless = now() < silentUntil || now() < (unknown.get(namespace) ?? 0);
      const crowded = lookups.size >= maxLookups && !lookups.has(namespace);
      return pointless || crowded ? unknownCategory(now()) : firstCategory(namespace);
    },
    close: refresher.close,
  };
}

function categoryOf({ category, asOf }: CategoryFact): KnownCategory {
  return { category, source: 'hub', asOf };
}

/** What is not known is judged as what is trusted least. */
function unknownCategory(now: number): KnownCategory {
  return { category: 'community', source: 'unknown', asOf: now };
}

async function withinDeadline(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
