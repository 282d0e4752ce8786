import {
  type CleanedWhere,
  createAdapterFactory,
  type DBAdapter,
  type DBAdapterInstance,
} from '@better-auth/core/db/adapter';
import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';

type Row = Record<string, unknown>;
/** Which tables and columns there are is the library's affair; it knows their names from the mapping of its fields. */
export type LibraryDatabase = Kysely<Record<string, Row>>;

interface Finding {
  readonly model: string;
  readonly where?: CleanedWhere[] | undefined;
  readonly limit: number;
  readonly offset?: number | undefined;
  readonly sortBy?: { readonly field: string; readonly direction: 'asc' | 'desc' } | undefined;
}

interface Incrementing {
  readonly model: string;
  readonly where: CleanedWhere[];
  readonly increment: Record<string, number>;
  readonly set?: Row | undefined;
}

const comparisons = { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=', in: 'in', not_in: 'not in' } as const;

/**
 * What the sign-in library reads and writes, in columns that every database has: flags are 0 or 1 and times milliseconds
 * since 1970, as everywhere in this database. Its own adapter would store times and flags differently in each.
 */
export function libraryRecords(database: LibraryDatabase): DBAdapterInstance {
  const matching = (where: readonly CleanedWhere[] = []) => {
    return (builder: ExpressionBuilder<Record<string, Row>, string>): Expression<SqlBool> =>
      builder.and(where.map((condition) => comparison(builder, condition)));
  };
  /** Exactly one row, however many match. */
  const oneMatching = (model: string, where: readonly CleanedWhere[]) =>
    database.selectFrom(model).select('id').where(matching(where)).limit(1);

  let instance: DBAdapter;
  const factory = createAdapterFactory({
    config: {
      adapterId: 'pullgate',
      supportsNumericIds: false,
      // Each step of a sign-in is good by itself, and people are provisioned in transactions of their own meanwhile.
      transaction: async (work) => work(instance),
      customTransformInput: ({ data }) => stored(data),
      customTransformOutput: ({ data, fieldAttributes: { type } }) => loaded(data, type),
    },
    adapter: ({ getFieldName }) => ({
      async create<T extends Row>({ model, data }: { model: string; data: T }) {
        return (await database.insertInto(model).values(data).returningAll().executeTakeFirstOrThrow()) as T;
      },
      async findOne<T>({ model, where }: { model: string; where: CleanedWhere[] }) {
        const row = await database.selectFrom(model).selectAll().where(matching(where)).limit(1).executeTakeFirst();
        return (row ?? null) as T | null;
      },
      async findMany<T>({ model, where, limit, offset, sortBy }: Finding) {
        const found = database
          .selectFrom(model)
          .selectAll()
          .where(matching(where))
          .$if(sortBy !== undefined, (query) =>
            query.orderBy(sql.ref(getFieldName({ model, field: sortBy?.field ?? 'id' })), sortBy?.direction),
          )
          .limit(limit)
          .offset(offset ?? 0);
        return (await found.execute()) as T[];
      },
      async count({ model, where }) {
        const counting = database.selectFrom(model).select(({ fn }) => fn.countAll().as('count'));
        return Number((await counting.where(matching(where)).executeTakeFirstOrThrow()).count);
      },
      async update<T>({ model, where, update }: { model: string; where: CleanedWhere[]; update: T }) {
        const changing = database
          .updateTable(model)
          .set(update as Row)
          .where('id', 'in', oneMatching(model, where));
        return ((await changing.returningAll().executeTakeFirst()) ?? null) as T | null;
      },
      async updateMany({ model, where, update }) {
        const { numUpdatedRows } = await database
          .updateTable(model)
          .set(update)
          .where(matching(where))
          .executeTakeFirst();
        return Number(numUpdatedRows);
      },
      async delete({ model, where }) {
        await database.deleteFrom(model).where(matching(where)).execute();
      },
      async deleteMany({ model, where }) {
        return Number((await database.deleteFrom(model).where(matching(where)).executeTakeFirst()).numDeletedRows);
      },
      async consumeOne<T>({ model, where }: { model: string; where: CleanedWhere[] }) {
        const taken = database.deleteFrom(model).where('id', 'in', oneMatching(model, where)).returningAll();
        return ((await taken.executeTakeFirst()) ?? null) as T | null;
      },
      async incrementOne<T>({ model, where, increment, set = {} }: Incrementing) {
        const sums = Object.entries(increment).map(([column, step]) => [
          column,
          sql`coalesce(${sql.ref(column)}, 0) + ${step}`,
        ]);
        const changing = database
          .updateTable(model)
          .set({ ...set, ...Object.fromEntries(sums) })
          // The condition stands here too: between finding the row and changing it, it may have become another.
          .where(matching(where))
          .where('id', 'in', oneMatching(model, where));
        return ((await changing.returningAll().executeTakeFirst()) ?? null) as T | null;
      },
    }),
  });
  return (options) => {
    instance = factory(options);
    return instance;
  };
}

function comparison(
  builder: ExpressionBuilder<Record<string, Row>, string>,
  { field, value, operator, connector }: CleanedWhere,
): Expression<SqlBool> {
  const how = comparisons[operator as keyof typeof comparisons];
  if (how === undefined || connector === 'OR') throw new Error(`Sign-in records cannot be found by ${operator}.`);
  if (value === null) return builder(field, how === '=' ? 'is' : 'is not', null);
  return builder(field, how, value);
}

function stored(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'boolean' ? Number(value) : value;
}

function loaded(value: unknown, type: unknown): unknown {
  if (type === 'date' && typeof value === 'number') return new Date(value);
  return type === 'boolean' && typeof value === 'number' ? value === 1 : value;
}
