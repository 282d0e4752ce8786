import type { MemberTrace } from '../organizations/members.ts';
import type { Database } from './schema.ts';

/** By the ids of people. Whoever left no trace is not among them. */
export async function readTraces(
  database: Database,
  organizationId: string,
  people: readonly string[],
): Promise<ReadonlyMap<string, MemberTrace>> {
  if (people.length === 0) return new Map();
  const [tokens, sessions, accounts, identities] = await Promise.all([
    database
      .selectFrom('personal_access_tokens')
      .where('person_id', 'in', people)
      .groupBy('person_id')
      .select(['person_id', ({ fn }) => fn.max('last_used_at').as('at')])
      .execute(),
    database
      .selectFrom('sessions')
      .where('person_id', 'in', people)
      .groupBy('person_id')
      .select(['person_id', ({ fn }) => fn.max('updated_at').as('at')])
      .execute(),
    database
      .selectFrom('accounts')
      .innerJoin('sso_connections', 'sso_connections.id', 'accounts.provider_id')
      .where('sso_connections.organization_id', '=', organizationId)
      .where('accounts.person_id', 'in', people)
      .select(['accounts.person_id', 'sso_connections.rules'])
      .execute(),
    database
      .selectFrom('scim_identities')
      .innerJoin('sso_connections', 'sso_connections.id', 'scim_identities.connection_id')
      .where('sso_connections.organization_id', '=', organizationId)
      .where('scim_identities.person_id', 'in', people)
      .select(['scim_identities.person_id', 'sso_connections.rules'])
      .execute(),
  ]);

  const lastSeen = new Map<string, number>();
  for (const { person_id: id, at } of [...tokens, ...sessions]) {
    if (at !== null) lastSeen.set(id, Math.max(lastSeen.get(id) ?? 0, Number(at)));
  }
  const origins = new Map<string, NonNullable<MemberTrace['origin']>>();
  for (const [by, rows] of [
    ['single-sign-on', accounts],
    ['scim', identities],
  ] as const) {
    for (const { person_id: id, rules } of rows) origins.set(id, { connection: nameIn(rules), by });
  }
  const ids = new Set([...lastSeen.keys(), ...origins.keys()]);
  return new Map([...ids].map((id) => [id, { lastSeenAt: lastSeen.get(id) ?? null, origin: origins.get(id) ?? null }]));
}

/** A connection's rules are JSON in one column: see connection-store.ts. */
function nameIn(rules: string): string {
  const { name } = JSON.parse(rules) as { readonly name: string };
  return name;
}
