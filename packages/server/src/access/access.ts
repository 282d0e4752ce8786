import {
  anonymous,
  type CatalogCategory,
  type Decision,
  decide,
  type ImageKind,
  imageKindOf,
  type Principal,
  type Question,
  type Repository,
  type Rule,
} from '@pullgate/policy';
import type { Catalog } from '../catalog/catalog.ts';
import type { Audience, Source } from '../content/content.ts';
import { networkOf } from '../network.ts';
import type { Operation, PullRecord } from '../pulls/pull-record.ts';
import type { Recorder } from '../pulls/recorder.ts';
import { createRateLimit } from '../rate-limit.ts';
import { andThen, type Soon } from '../soon.ts';
import type { Caller } from './caller.ts';
import type { Directory, LiveDirectory } from './directory.ts';

/** A question with its answer. The policy version is part of the organization in it. */
export interface Judgement {
  /** Last part of the link in a refusal, and the record's id. */
  readonly id: string;
  readonly caller: Caller;
  readonly question: Question;
  readonly decision: Decision;
}

/** What is recorded of a request beside its judgement. */
export interface PullRequest {
  readonly operation: Operation;
  readonly method: string;
  /** The client's address. */
  readonly address: string;
  /** Client family. */
  readonly client: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  readonly stale: boolean;
}

/** The middle: every pull, on every route, passes `judge` before anything is served and `record` before it is answered. */
export interface Access {
  /** At once for an image whose category is known. */
  judge(caller: Caller, repository: Repository): Soon<Judgement>;
  /**
   * Resolves when the record survives a crash of the process. Rejects when it does not: then nothing may be served. Rejects
   * with `TooManyRefusals` for a refusal that is to be neither recorded nor told.
   */
  record(judgement: Judgement, request: PullRequest): Promise<void>;
}

export interface AccessOptions {
  readonly directory: LiveDirectory;
  readonly catalog: Pick<Catalog, 'categoryAtHand' | 'categoryOf'>;
  /** Canonical hosts of the registries that the gate pulls from. */
  readonly upstreams: ReadonlySet<string>;
  readonly recorder: Pick<Recorder, 'record'>;
  readonly newId: () => string;
  readonly onDecision: (verdict: Decision['verdict'], kind: ImageKind) => void;
  /** A refusal was neither recorded nor told: `TooManyRefusals`. */
  readonly onUnrecorded: () => void;
  readonly now: () => number;
}

/**
 * Refusals of one address in a minute to whoever is not signed in. Records are kept for a year, and without an account
 * anybody could have them fill the disk.
 */
const unsignedRefusalsPerMinute = 60;

/** An address was refused too often without a sign-in. */
export class TooManyRefusals extends Error {
  override readonly name = 'TooManyRefusals';
  /** Seconds. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('Too many requests from this address were refused without a sign-in. Sign in, or wait a minute.');
    this.retryAfter = retryAfter;
  }
}

/**
 * Refusals for which an image's category does not matter. Docker Hub is not asked for it then: whoever may not pull at
 * all could otherwise use up what it lets the gate ask, and leave everybody else's images unknown.
 */
const turnsAway: ReadonlySet<Rule> = new Set([
  'registry-unknown',
  'sign-in-required',
  'no-organization',
  'organization-token',
  'token-scope',
]);

export function createAccess(options: AccessOptions): Access {
  const { directory, catalog, upstreams, recorder, newId, onDecision, onUnrecorded, now } = options;
  const unsignedRefusals = createRateLimit(now);

  function questionOf(caller: Caller, repository: Repository, category: CatalogCategory): Question {
    const { current } = directory;
    return {
      principal: principalNow(caller, current),
      repository,
      category,
      claimedBy: current.claimOf(repository),
      home: current.home,
      upstreamKnown: upstreams.has(repository.registry),
    };
  }

  return {
    judge(caller, repository) {
      const id = newId();
      const atHand = catalog.categoryAtHand(repository)?.category ?? 'community';
      const judgement = judged(id, caller, questionOf(caller, repository, atHand));
      if (turnsAway.has(judgement.decision.rule)) return judgement;
      const known = catalog.categoryOf(repository);
      if ('category' in known && known.category === atHand) return judgement;
      return andThen(known, ({ category }) =>
        // Asked anew: a change made while the category was looked up already counts.
        judged(id, caller, questionOf(caller, repository, category)),
      );
    },

    record({ id, caller, question, decision }, request) {
      if (decision.verdict === 'deny' && caller.credential === undefined) {
        const { exceeded, resetAt } = unsignedRefusals.take(networkOf(request.address), unsignedRefusalsPerMinute);
        if (exceeded) {
          onUnrecorded();
          return Promise.reject(new TooManyRefusals(Math.ceil((resetAt - now()) / 1000)));
        }
      }
      onDecision(decision.verdict, imageKindOf({ category: decision.category, repository: question.repository.name }));
      const record: PullRecord = {
        id,
        at: now(),
        verdict: decision.verdict,
        rule: decision.rule,
        organizationId: decision.organization?.id ?? null,
        policyVersion: decision.organization?.policyVersion ?? null,
        person: caller.credential?.loginName ?? null,
        personId: question.principal.kind === 'person' ? question.principal.id : null,
        tokenId: caller.credential?.id ?? null,
        address: request.address,
        client: request.client,
        operation: request.operation,
        method: request.method,
        repository: question.repository.name,
        tag: request.tag ?? null,
        digest: request.digest ?? null,
        category: decision.category,
        stale: request.stale,
      };
      return recorder.record(record);
    },
  };
}

function judged(id: string, caller: Caller, question: Question): Judgement {
  return { id, caller, question, decision: decide(question) };
}

/** The caller by the same directory that the decision uses. A token that was revoked meanwhile is nobody's. */
function principalNow({ credential }: Caller, directory: Directory): Principal {
  const current = credential && directory.credentialById(credential.id);
  return current?.active ? current.principal : anonymous;
}

/**
 * On whose behalf the content is read: what an organization's upstream credential opens is for its members, and for
 * tokens that name the repository.
 */
export function sourceOf({ caller, question }: Judgement): Source {
  const audience = caller.credential?.publicOnly ? 'public' : audienceOf(question);
  return { repository: question.repository, audience };
}

function audienceOf({ principal, claimedBy, repository }: Question): Audience {
  if (!claimedBy) return 'public';
  if (principal.kind === 'person') {
    const isMember = principal.memberships.some(({ organization }) => organization.id === claimedBy.id);
    return isMember ? `organization:${claimedBy.id}` : 'public';
  }
  if (principal.kind === 'anonymous' || principal.organization.id !== claimedBy.id) return 'public';
  const named = principal.resources.some(
    (resource) =>
      (resource.kind === 'repository' && resource.name === repository.name) ||
      (resource.kind === 'prefix' && repository.name.startsWith(resource.prefix)),
  );
  return named ? `organization:${claimedBy.id}` : 'public';
}
