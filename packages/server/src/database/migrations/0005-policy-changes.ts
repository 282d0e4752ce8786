import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { policyFromDocument } from '../../organizations/policy-document.ts';
import { policyDifference, wordsOf } from '../../organizations/policy-rules.ts';

interface Before {
  policy_versions: { organization_id: string; version: number; policy: string; changed: string };
}

/** Searching the versions of a policy by what they changed, also those that are there already. */
export const policyChanges: Migration = {
  async up(db: Kysely<Before>) {
    await db.schema
      .alterTable('policy_versions')
      .addColumn('changed', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
    const versions = await db.selectFrom('policy_versions').select(['organization_id', 'version']).execute();
    for (const { organization_id, version } of versions) await fillChanged(db, organization_id, version);
  },
};

/** One at a time: a policy may list thousands of repositories. */
async function fillChanged(db: Kysely<Before>, organizationId: string, version: number): Promise<void> {
  const policyAt = async (number: number) => {
    const row = await db
      .selectFrom('policy_versions')
      .select('policy')
      .where('organization_id', '=', organizationId)
      .where('version', '=', number)
      .executeTakeFirst();
    return row && policyFromDocument(JSON.parse(row.policy));
  };
  const [before, policy] = [await policyAt(version - 1), await policyAt(version)];
  const difference = before && policy && policyDifference(before, policy);
  if (difference === undefined) return;
  await db
    .updateTable('policy_versions')
    .set({ changed: wordsOf(difference) })
    .where('organization_id', '=', organizationId)
    .where('version', '=', version)
    .execute();
}
