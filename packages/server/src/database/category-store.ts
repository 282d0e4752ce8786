import type { CatalogCategory } from '@pullgate/policy';
import type { Selectable } from 'kysely';
import type { Actor, Change } from '../activity/activity.ts';
import type { CategoryFact, CategoryStore } from '../catalog/category-store.ts';
import { appendActivity } from './activity-store.ts';
import { raiseRevision } from './revision.ts';
import type { Database, Tables } from './schema.ts';

const catalog: Actor = { kind: 'system', name: 'catalog' };

/** @param clock gives milliseconds since 1970. */
export function openCategoryStore(database: Database, clock: () => number): CategoryStore {
  return {
    find: (registry, namespace) => find(database, registry, namespace),
    async list() {
      const rows = database.selectFrom('categories').selectAll().orderBy('registry').orderBy('namespace');
      return (await rows.execute()).map(toFact);
    },
    save: (fact, unstored) =>
      database.transaction().execute(async (transaction) => {
        if (await other(transaction, fact, unstored)) {
          await raiseRevision(transaction);
          // Several nodes may learn of it at the same time: who has its turn later finds it told.
          const known = await other(transaction, fact, unstored);
          if (known) await appendActivity(transaction, tell(known, fact), catalog, clock());
        }
        await replace(transaction, fact);
      }),
  };
}

/** What was known of the namespace, if it is of another category. */
async function other(
  transaction: Database,
  { registry, namespace, category }: CategoryFact,
  unstored: CategoryFact | undefined,
): Promise<CategoryFact | undefined> {
  const known = (await find(transaction, registry, namespace)) ?? unstored;
  return known?.category === category ? undefined : known;
}

async function find(database: Database, registry: string, namespace: string): Promise<CategoryFact | undefined> {
  const row = await database
    .selectFrom('categories')
    .selectAll()
    .where('registry', '=', registry)
    .where('namespace', '=', namespace)
    .executeTakeFirst();
  return row && toFact(row);
}

async function replace(transaction: Database, fact: CategoryFact): Promise<void> {
  const { registry, namespace, category, source, asOf, checkedAt } = fact;
  const columns = { category, source, as_of: asOf, checked_at: checkedAt };
  await transaction
    .insertInto('categories')
    .values({ registry, namespace, ...columns })
    .onConflict((conflict) => conflict.columns(['registry', 'namespace']).doUpdateSet(columns))
    .execute();
}

function tell(known: CategoryFact, fact: CategoryFact): Change {
  return {
    organizationId: null,
    action: 'catalog.category.change',
    subject: `${fact.registry}/${fact.namespace}`,
    before: { category: known.category, source: known.source },
    after: { category: fact.category, source: fact.source },
  };
}

function toFact(row: Selectable<Tables['categories']>): CategoryFact {
  return {
    registry: row.registry,
    namespace: row.namespace,
    category: row.category as CatalogCategory,
    source: row.source,
    asOf: row.as_of,
    checkedAt: row.checked_at,
  };
}
