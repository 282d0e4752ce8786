import type { ImageAccessPolicy } from '@pullgate/policy';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { policyFromDocument } from '../../organizations/policy-document.ts';
import { policyDifference, wordsOf } from '../../organizations/policy-rules.ts';

interface Before {
  policy_versions: Key & { policy: string; changed: string; difference: string | null };
}

interface Key {
  readonly organization_id: string;
  readonly version: number;
}

/** What a version of a policy changed, to list and search versions without reading whole policies. */
export const policyChanges: Migration = {
  async up(db: Kysely<Before>) {
    await db.schema
      .alterTable('policy_versions')
      .addColumn('changed', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
    await db.schema.alterTable('policy_versions').addColumn('difference', 'text').execute();
    await fillIn(db);
  },
};

/** Also for the versions that are there, one policy at a time: it may list thousands of repositories. */
async function fillIn(db: Kysely<Before>): Promise<void> {
  const versions = db.selectFrom('policy_versions').select(['organization_id', 'version']);
  let last: (Key & { readonly policy: ImageAccessPolicy | undefined }) | undefined;
  for (const key of await versions.orderBy('organization_id').orderBy('version').execute()) {
    const policy = await policyAt(db, key);
    const follows = last?.organization_id === key.organization_id && last.version === key.version - 1;
    const difference = follows && last?.policy && policy && policyDifference(last.policy, policy);
    if (difference) {
      await db
        .updateTable('policy_versions')
        .set({ changed: wordsOf(difference), difference: JSON.stringify(difference) })
        .where('organization_id', '=', key.organization_id)
        .where('version', '=', key.version)
        .execute();
    }
    last = { ...key, policy };
  }
}

/** Undefined for one that cannot be read: no reason not to start, for nobody asks for an old version in order to pull. */
async function policyAt(db: Kysely<Before>, { organization_id, version }: Key): Promise<ImageAccessPolicy | undefined> {
  const { policy } = await db
    .selectFrom('policy_versions')
    .select('policy')
    .where('organization_id', '=', organization_id)
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
  try {
    return policyFromDocument(JSON.parse(policy));
  } catch {
    return undefined;
  }
}
