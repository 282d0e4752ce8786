import type { ImageAccessPolicy } from '@pullgate/policy';
import type { ExpressionBuilder, Selectable } from 'kysely';
import type { PolicyStore, PolicyVersion } from '../organizations/policies.ts';
import { policyFromDocument, policyToDocument } from '../organizations/policy-document.ts';
import type { Database, Tables } from './schema.ts';
import { contains } from './search.ts';

export function openPolicyStore(database: Database): PolicyStore {
  const versions = (organizationId: string) =>
    database.selectFrom('policy_versions').where('organization_id', '=', organizationId);
  return {
    async insert(organizationId, { version, policy, changedAt, changedBy }, changed) {
      const text = JSON.stringify(policyToDocument(policy));
      const row = {
        organization_id: organizationId,
        version,
        policy: text,
        changed_at: changedAt,
        changed_by: changedBy,
        changed,
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
      const rows = await found.select(whole).orderBy('version', 'desc').offset(offset).limit(limit).execute();
      return { items: rows.map(toVersion), total: Number(total) };
    },
    async some(organizationId, wanted) {
      if (wanted.length === 0) return [];
      const rows = await versions(organizationId).select(whole).where('version', 'in', wanted).execute();
      return rows.map(toVersion);
    },
  };
}

export function parsePolicy(text: string): ImageAccessPolicy {
  return policyFromDocument(JSON.parse(text));
}

/** Whoever reads `Version 12` may type all of it. */
const numberShape = /^(?:version )?(\d{1,9})$/i;

function isFound({ ref, eb, or }: ExpressionBuilder<Tables, 'policy_versions'>, search: string) {
  const [, number] = numberShape.exec(search.trim()) ?? [];
  return or([
    contains(ref('changed_by'), search),
    contains(ref('changed'), search),
    ...(number === undefined ? [] : [eb('version', '=', Number(number))]),
  ]);
}

/** All that a version consists of, without what it is only searched by. */
const whole = ['version', 'policy', 'changed_at', 'changed_by'] as const;

function toVersion(row: Pick<Selectable<Tables['policy_versions']>, (typeof whole)[number]>): PolicyVersion {
  return {
    version: row.version,
    policy: parsePolicy(row.policy),
    changedAt: row.changed_at,
    changedBy: row.changed_by,
  };
}
