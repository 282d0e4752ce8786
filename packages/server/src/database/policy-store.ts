import type { ImageAccessPolicy } from '@pullgate/policy';
import type { Selectable } from 'kysely';
import type { PolicyStore, PolicyVersion } from '../organizations/policies.ts';
import { policyFromDocument, policyToDocument } from '../organizations/policy-document.ts';
import type { Database, Tables } from './schema.ts';

export function openPolicyStore(database: Database): PolicyStore {
  const newestFirst = (organizationId: string, limit: number) =>
    database
      .selectFrom('policy_versions')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .orderBy('version', 'desc')
      .limit(limit);
  return {
    async insert(organizationId, { version, policy, changedAt, changedBy }) {
      const text = JSON.stringify(policyToDocument(policy));
      const row = {
        organization_id: organizationId,
        version,
        policy: text,
        changed_at: changedAt,
        changed_by: changedBy,
      };
      await database.insertInto('policy_versions').values(row).execute();
    },
    async current(organizationId) {
      return toVersion(await newestFirst(organizationId, 1).executeTakeFirstOrThrow());
    },
    async find(organizationId, version) {
      const row = await newestFirst(organizationId, 1).where('version', '=', version).executeTakeFirst();
      return row && toVersion(row);
    },
    async page(organizationId, { offset, limit }) {
      return (await newestFirst(organizationId, limit).offset(offset).execute()).map(toVersion);
    },
  };
}

export function parsePolicy(text: string): ImageAccessPolicy {
  return policyFromDocument(JSON.parse(text));
}

function toVersion(row: Selectable<Tables['policy_versions']>): PolicyVersion {
  return {
    version: row.version,
    policy: parsePolicy(row.policy),
    changedAt: row.changed_at,
    changedBy: row.changed_by,
  };
}
