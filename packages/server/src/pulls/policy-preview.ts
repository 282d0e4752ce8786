import { setImmediate } from 'node:timers/promises';
import {
  anonymous,
  decide,
  dockerHub,
  type ImageAccessPolicy,
  type ImageKind,
  imageKindOf,
  type Membership,
  type Organization,
  type Principal,
  type Question,
  type Repository,
} from '@pullgate/policy';
import type { Directory, LiveDirectory } from '../access/directory.ts';
import { NotFound } from '../administration-error.ts';
import type { PullCombination, PullQuery, TimeRange } from './pull-query.ts';

export interface ProposedPolicy {
  readonly organizationId: string;
  readonly policy: ImageAccessPolicy;
}

/** Requests that the proposed policy answers otherwise than the one in force. */
export interface PreviewedChange {
  readonly requests: number;
  /** How many people and images there are; the lists have the most frequent of them. */
  readonly peopleCount: number;
  readonly imageCount: number;
  readonly people: readonly { readonly person: string | null; readonly requests: number }[];
  readonly images: readonly {
    readonly repository: string;
    readonly category: ImageKind;
    readonly requests: number;
  }[];
}

export interface PolicyPreview {
  readonly range: TimeRange;
  /** All that were recorded. */
  readonly requests: number;
  /** Of people and tokens that are gone, and of the rarest combinations when there are very many. */
  readonly notJudged: number;
  /** Allowed by the policy in force, refused by the proposed one. */
  readonly refused: PreviewedChange;
  /** Refused by the policy in force, allowed by the proposed one. */
  readonly allowed: PreviewedChange;
}

export interface PreviewFacts {
  readonly query: Pick<PullQuery, 'combinations'>;
  readonly directory: LiveDirectory;
  /** Canonical hosts of the registries that the gate pulls from. */
  readonly upstreams: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const span = 30 * 24 * 3_600_000;
const mostCombinations = 20_000;
/** Some milliseconds of judging: pulls get their turn in between. */
const slice = 1000;
/** People and images in a list. */
const top = 20;

/**
 * Judges the requests of the last 30 days once by the policy in force and once by a proposed one, and tells where they
 * differ. Its limits:
 *
 * - Requests are judged with today's memberships, claims and policies of other organizations, not with those of their day.
 * - An image has the category that was recorded, unless it was claimed then: nobody asks Docker Hub for each again.
 * - Only what this organization decided is counted. A pull that another organization of the person refused is its own.
 * - What the policy in force refuses is seldom tried: what would be allowed is told from the attempts there were.
 *
 * @throws NotFound when there is no such organization
 */
export async function previewPolicy(
  { query, directory, upstreams, now }: PreviewFacts,
  { organizationId, policy }: ProposedPolicy,
): Promise<PolicyPreview> {
  const { current } = directory;
  const organization = current.organizationById(organizationId);
  if (organization === undefined) throw new NotFound('There is no such organization.');
  const until = now();
  const range = { from: until - span, until };
  const { combinations, requests } = await query.combinations({ organizationId }, range, mostCombinations);

  const [refused, allowed] = [tally(), tally()];
  let judged = 0;
  for (const [index, combination] of combinations.entries()) {
    if (index % slice === slice - 1) await setImmediate();
    const question = questionOf(combination, current, upstreams);
    if (question === undefined) continue;
    judged += combination.requests;
    const before = decide(question).verdict;
    const after = decide(underPolicy(question, { ...organization, policy })).verdict;
    if (before !== after) (after === 'deny' ? refused : allowed).add(combination);
  }
  return { range, requests, notJudged: requests - judged, refused: refused.result(), allowed: allowed.result() };
}

function questionOf(
  combination: PullCombination,
  directory: Directory,
  upstreams: ReadonlySet<string>,
): Question | undefined {
  const principal = principalOf(combination, directory);
  if (principal === undefined) return undefined;
  const repository = repositoryNamed(combination.repository);
  const { category } = combination;
  return {
    principal,
    repository,
    category: category === 'organization' ? 'community' : category,
    claimedBy: directory.claimOf(repository),
    home: directory.home,
    upstreamKnown: upstreams.has(repository.registry),
  };
}

/** Nobody who cannot pull any more. */
function principalOf({ personId, tokenId }: PullCombination, directory: Directory): Principal | undefined {
  if (personId !== null) {
    const account = directory.accountById(personId);
    return account?.isActive ? account.person : undefined;
  }
  if (tokenId === null) return anonymous;
  const credential = directory.credentialById(tokenId);
  return credential?.active ? credential.principal : undefined;
}

/** A recorded name is canonical already, so it needs no parsing. */
function repositoryNamed(name: string): Repository {
  const slash = name.indexOf('/');
  return slash === -1
    ? { registry: dockerHub, path: name, name }
    : { registry: name.slice(0, slash), path: name.slice(slash + 1), name };
}

/** The same question, with the organization in every place where the question has it. */
function underPolicy(question: Question, organization: Organization): Question {
  const { principal, claimedBy, home } = question;
  const instead = (one: Organization) => (one.id === organization.id ? organization : one);
  return {
    ...question,
    principal: principalUnder(principal, instead),
    claimedBy: claimedBy && instead(claimedBy),
    // Whether anonymous pulls need a sign-in depends on all organizations, so the home organization keeps its answer.
    home: home && { ...instead(home), enforceSignIn: home.enforceSignIn },
  };
}

function principalUnder(principal: Principal, instead: (one: Organization) => Organization): Principal {
  switch (principal.kind) {
    case 'anonymous':
      return principal;
    case 'organization-token':
      return { ...principal, organization: instead(principal.organization) };
    case 'person': {
      const under = ({ organization, role }: Membership) => ({ organization: instead(organization), role });
      return { ...principal, memberships: principal.memberships.map(under) };
    }
  }
}

function tally() {
  const people = new Map<string | null, number>();
  const images = new Map<string, { category: ImageKind; requests: number }>();
  let total = 0;
  return {
    add(combination: PullCombination): void {
      const { person, repository, requests } = combination;
      total += requests;
      people.set(person, (people.get(person) ?? 0) + requests);
      const image = images.get(repository);
      images.set(repository, { category: imageKindOf(combination), requests: (image?.requests ?? 0) + requests });
    },
    result(): PreviewedChange {
      return {
        requests: total,
        peopleCount: people.size,
        imageCount: images.size,
        people: mostFrequent([...people].map(([person, requests]) => ({ person, requests }))),
        images: mostFrequent([...images].map(([repository, image]) => ({ repository, ...image }))),
      };
    },
  };
}

function mostFrequent<One extends { readonly requests: number }>(all: readonly One[]): readonly One[] {
  return all.toSorted((a, b) => b.requests - a.requests).slice(0, top);
}
