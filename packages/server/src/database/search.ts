import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';

/** Whether a text column contains what somebody searches for, in any case. What they typed is taken literally. */
export function contains(column: Expression<string | null>, text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql<SqlBool>`lower(${column}) like ${pattern} escape '\\'`;
}
