import { formatTime, type PullBody, type PullDecisionBody, type PullStatisticsBody } from '@pullgate/contract';
import { explain, imageKindOf, type Organization } from '@pullgate/policy';
import type { LiveDirectory } from '../access/directory.ts';
import type { Administration } from '../administration.ts';
import { exportMediaTypes } from '../http/export-format.ts';
import type { PullSearch } from '../pulls/pull-query.ts';
import type { PullRecord } from '../pulls/pull-record.ts';
import type { Pulls } from '../pulls/pulls.ts';
import { Download, type Handlers } from './call.ts';
import { defined } from './defined.ts';
import { nothingThere } from './errors.ts';

export interface PullsOptions {
  readonly administration: Pick<Administration, 'members'>;
  readonly pulls: Pick<Pulls, 'list' | 'export' | 'statistics'>;
  /** A decision by its id; only one that the organization made, when one is given. */
  readonly findPull: (id: string, organizationId?: string) => Promise<PullRecord | undefined>;
  readonly directory: LiveDirectory;
  readonly now: () => number;
}

const weekMs = 7 * 24 * 60 * 60 * 1000;

export function pullHandlers({ administration, pulls, findPull, directory, now }: PullsOptions) {
  async function ownersOf(organization: Organization): Promise<string[]> {
    const members = await administration.members.list(organization.name);
    return members.filter(({ role, isActive }) => role === 'owner' && isActive).map(({ username }) => username);
  }

  return {
    async listPulls({ organization, query: { cursor, limit, ...filters } }) {
      const request = { limit, ...searchOf(filters), ...defined({ cursor }) };
      const { records, cursor: next } = await pulls.list({ organizationId: organization.id }, request);
      return { results: records.map(pullBody), next_cursor: next ?? null };
    },

    async exportPulls({ organization, query: { format, ...filters } }) {
      const chunks = pulls.export({ organizationId: organization.id }, searchOf(filters), format);
      return new Download(chunks, exportMediaTypes[format], `${organization.name}-pulls.${format}`);
    },

    async getPullStatistics({ organization, query: { to = now(), from = to - weekMs, interval } }) {
      const request = { from, until: to, bucket: interval };
      return statisticsBody(await pulls.statistics({ organizationId: organization.id }, request), interval);
    },

    async getPull({ organization, params: { id } }) {
      const record = await findPull(id, organization.id);
      if (!record) throw nothingThere();
      return pullBody(record);
    },

    async getDecision({ caller: { person }, params: { id } }) {
      for (const { organization } of person.memberships) {
        const record = await findPull(id, organization.id);
        if (record) return decisionBody(record, organization, await ownersOf(organization));
      }
      const record = await findPull(id);
      // No organization refuses an unknown registry, and none of theirs whoever belongs to none: they are told all the same.
      if (record?.personId !== person.id) throw nothingThere();
      return decisionBody(record, undefined, []);
    },
  } satisfies Partial<Handlers>;

  function decisionBody(
    record: PullRecord,
    organization: Organization | undefined,
    owners: string[],
  ): PullDecisionBody {
    const { id, verdict, rule, person, repository, tag, digest } = record;
    return {
      id,
      at: formatTime(record.at),
      verdict,
      rule,
      person,
      repository,
      tag,
      digest,
      category: imageKindOf(record),
      org: organization?.name ?? null,
      alternatives: verdict === 'deny' && organization ? alternativesTo(record, organization) : [],
      owners: verdict === 'deny' ? owners : [],
    };
  }

  /** By the policy in force now, which is the one that a next pull meets. */
  function alternativesTo({ repository, category }: PullRecord, organization: Organization): string[] {
    // A record's names are canonical: they are taken apart, not parsed.
    const slash = repository.indexOf('/');
    const explanation = explain({
      principal: { kind: 'person', id: '', username: '', memberships: [{ organization, role: 'member' }] },
      repository: { registry: repository.slice(0, slash), path: repository.slice(slash + 1), name: repository },
      category: category === 'organization' ? 'community' : category,
      claimedBy: undefined,
      home: directory.current.home,
      upstreamKnown: true,
    });
    return [...explanation.alternatives];
  }
}

interface Filters {
  readonly person?: string | undefined;
  readonly image?: string | undefined;
  readonly category?: PullSearch['category'] | undefined;
  readonly verdict?: PullSearch['verdict'] | undefined;
  readonly client?: PullSearch['client'] | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

function searchOf({ person, image, category, verdict, client, from, to: until }: Filters): PullSearch {
  return defined({ person, image, category, verdict, client, from, until });
}

function pullBody(record: PullRecord): PullBody {
  return {
    id: record.id,
    at: formatTime(record.at),
    verdict: record.verdict,
    rule: record.rule,
    policy_version: record.policyVersion,
    person: record.person,
    token_id: record.tokenId,
    address: record.address,
    client: record.client,
    operation: record.operation,
    method: record.method,
    repository: record.repository,
    tag: record.tag,
    digest: record.digest,
    category: imageKindOf(record),
    stale: record.stale,
  };
}

function statisticsBody(
  { range, allowed, refused, stale, buckets, categories, images, people }: Awaited<ReturnType<Pulls['statistics']>>,
  interval: PullStatisticsBody['interval'],
): PullStatisticsBody {
  return {
    from: formatTime(range.from),
    to: formatTime(range.until),
    interval,
    allowed,
    refused,
    stale,
    series: buckets.map((bucket) => ({
      at: formatTime(bucket.start),
      allowed: bucket.allowed,
      refused: bucket.refused,
    })),
    categories: categories.map((one) => ({ category: one.category, allowed: one.allowed, refused: one.refused })),
    refused_images: images.map((one) => ({ repository: one.repository, category: one.category, refused: one.refused })),
    refused_people: people.map((one) => ({ username: one.person, refused: one.refused })),
  };
}
