import type { ImageAccessPolicy } from '@pullgate/policy';
import type { ExpressionBuilder, Selectable } from 'kysely';
import { z } from 'zod';
import type { PolicyChange, PolicyStore, PolicyVersion } from '../organizations/policies.ts';
import { policyFromDocument, policyToDocument } from '../organizations/policy-document.ts';
import { wordsOf } from '../organizations/policy-rules.ts';
import type { Database, Tables } from './schema.ts';
import { contains } from './search.ts';

export function openPolicyStore(database: Database): PolicyStore {
  const versions = (organizationId: string) =>
    database.selectFrom('policy_versions').where('organization_id', '=', organizationId);
  return {
    async insert(organizationId, { version, policy, changedAt, changedBy }, difference) {
      const row = {
        organization_id: organizationId,
        version,
        policy: JSON.stringify(policyToDocument(policy)),
        changed_at: changedAt,
        changed_by: changedBy,
        changed: difference === undefined ? '' : wordsOf(difference),
        difference: difference === undefined ? null : JSON.stringify(difference),
      };
      await database.insertInto('policy_versions').values(row).execute();
    },
    async current(organizationId) {
      const newest = versions(organizationId).select(whole).orderBy('version', 'desc').limit(1);
      return toVersion(await newest.executeTakeFirstOrThrow());
    },
    async find(organizationId, version) {
      const row = await versions(organizationId).select(whole).where('version', '=', version).executeTakeFirst();
      return row && toVersion(row);
    },
    async page(organizationId, { search, offset, limit }) {
      let found = versions(organizationId);
      if (search !== undefined) found = found.where((of) => isFound(of, search));
      const { total } = await found.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await found.select(change).orderBy('version', 'desc').offset(offset).limit(limit).execute();
      return { items: rows.map(toChange), total: Number(total) };
    },
  };
}

export function parsePolicy(text: string): ImageAccessPolicy {
  return policyFromDocument(JSON.parse(text));
}

/** Whoever reads `Version 12` may type all of it. */
const numberShape = /^(?:version )?(\d{1,9})$/i;

function isFound({ ref, eb, or }: ExpressionBuilder<Tables, 'policy_versions'>, search: string) {
  const text = search.trim();
  const [, number] = numberShape.exec(text) ?? [];
  return or([
    contains(ref('changed_by'), text),
    contains(ref('changed'), text),
    ...(number === undefined ? [] : [eb('version', '=', Number(number))]),
  ]);
}

const whole = ['version', 'policy', 'changed_at', 'changed_by'] as const;
/** Without the policy, which may list thousands of repositories: reading a page of them would hold up pulls. */
const change = ['version', 'changed_at', 'changed_by', 'difference'] as const;

function toVersion(row: Pick<Selectable<Tables['policy_versions']>, (typeof whole)[number]>): PolicyVersion {
  return {
    version: row.version,
    policy: parsePolicy(row.policy),
    changedAt: row.changed_at,
    changedBy: row.changed_by,
  };
}

const settings = z.record(z.string(), z.unknown());
const storedDifference = z.object({ before: settings, after: settings });

function toChange(row: Pick<Selectable<Tables['policy_versions']>, (typeof change)[number]>): PolicyChange {
  return {
    version: row.version,
    changedAt: row.changed_at,
    changedBy: row.changed_by,
    difference: row.difference === null ? undefined : storedDifference.parse(JSON.parse(row.difference)),
  };
}
