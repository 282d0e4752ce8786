import { z } from 'zod';
import type { LiveDirectory } from '../access/directory.ts';
import { InvalidInput } from '../administration-error.ts';
import type { ExportFormat } from '../http/export-format.ts';
import { isDecisionId } from './decision-id.ts';
import { exportHead, exportLine } from './export.ts';
import { type PolicyPreview, type ProposedPolicy, previewPolicy } from './policy-preview.ts';
import {
  isFound,
  mergeNewest,
  type PullPosition,
  type PullQuery,
  type PullScope,
  type PullSearch,
} from './pull-query.ts';
import type { PullRecord } from './pull-record.ts';
import { type PullStatistics, pullStatistics, type StatisticsRequest } from './statistics.ts';

export interface PullListRequest extends PullSearch {
  /** At most `maxPullPage`. */
  readonly limit: number;
  /** Of the page before; the newest when absent. */
  readonly cursor?: string;
}

export interface PullList {
  /** Newest first. */
  readonly records: readonly PullRecord[];
  /** For the next page; absent on the last one. */
  readonly cursor: string | undefined;
}

/** Reading the pull records, for the API, the console and the command line. Who may is for the caller to decide. */
export interface Pulls {
  /**
   * Newest first. A refusal of this node is there at once, everything else about a second later. What comes in while
   * somebody pages does not shift the pages.
   *
   * @throws InvalidInput, also for a cursor that is none of this scope
   */
  list(scope: PullScope, request: PullListRequest): Promise<PullList>;
  /** Everything found, newest first, as text in pieces of bounded size. @throws InvalidInput */
  export(scope: PullScope, search: PullSearch, format: ExportFormat): AsyncIterable<string>;
  /** @throws InvalidInput when the range is empty, or too long for the bucket */
  statistics(scope: PullScope, request: StatisticsRequest): Promise<PullStatistics>;
  /** What another policy would have meant for the last 30 days. @throws NotFound */
  preview(proposed: ProposedPolicy): Promise<PolicyPreview>;
}

export interface PullsOptions {
  readonly query: PullQuery;
  /** Records that may not be stored yet, in any order. */
  readonly recent: () => Iterable<PullRecord>;
  readonly directory: LiveDirectory;
  /** Canonical hosts of the registries that the gate pulls from. */
  readonly upstreams: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export const maxPullPage = 1000;
const maxSearchLength = 320;

export function createPulls({ query, recent, directory, upstreams, now }: PullsOptions): Pulls {
  async function list(scope: PullScope, { limit, cursor, ...search }: PullListRequest): Promise<PullList> {
    checkLimit(limit);
    const wanted = checkedSearch(search);
    const behind = cursor === undefined ? undefined : parseCursor(scope, cursor);
    // Before the stored ones are read: a record that is stored meanwhile is seen twice rather than never.
    const unstored = [...recent()].filter((record) => isFound(record, scope, wanted, behind));
    const stored = await query.newest(scope, wanted, behind, limit + 1);
    const records = mergeNewest([stored, unstored], limit + 1);
    const last = records.length > limit ? records[limit - 1] : undefined;
    return { records: records.slice(0, limit), cursor: last && formatCursor(scope, last) };
  }

  return {
    list,
    async *export(scope, search, format) {
      const head = exportHead(format);
      if (head !== '') yield head;
      for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
        const page = await list(scope, { ...search, limit: maxPullPage, ...(cursor !== undefined && { cursor }) });
        if (page.records.length > 0) yield page.records.map((record) => exportLine(format, record)).join('');
        ({ cursor } = page);
      }
    },
    statistics: (scope, request) => pullStatistics(query, scope, request),
    preview: (proposed) => previewPolicy({ query, directory, upstreams, now }, proposed),
  };
}

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxPullPage) return;
  throw new InvalidInput('limit', `A page has 1 to ${maxPullPage} records.`);
}

/** Names are recorded in lower case. */
function checkedSearch(search: PullSearch): PullSearch {
  for (const field of ['person', 'repository', 'image'] as const) {
    if ((search[field]?.length ?? 0) <= maxSearchLength) continue;
    throw new InvalidInput(field, `Search for at most ${maxSearchLength} characters.`);
  }
  const { person, image } = search;
  return {
    ...search,
    ...(person !== undefined && { person: person.toLowerCase() }),
    ...(image !== undefined && { image: image.toLowerCase() }),
  };
}

// A cursor is good for the scope that it was made for, and says no more than where the page ended.

const cursorShape = z.tuple([z.string(), z.int(), z.string().refine(isDecisionId)]);

function formatCursor(scope: PullScope, { at, id }: PullPosition): string {
  return Buffer.from(JSON.stringify([scopeName(scope), at, id])).toString('base64url');
}

function parseCursor(scope: PullScope, text: string): PullPosition {
  const [name, at, id] = readCursor(text);
  if (name !== scopeName(scope)) throw invalidCursor();
  return { at, id };
}

function readCursor(text: string): z.infer<typeof cursorShape> {
  try {
    return cursorShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw invalidCursor();
  }
}

function invalidCursor(): InvalidInput {
  return new InvalidInput('cursor', 'Pass the cursor that the last page gave, or start again without one.');
}

function scopeName(scope: PullScope): string {
  return scope === 'installation' ? '' : scope.organizationId;
}
