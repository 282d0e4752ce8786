import { connect, locateDatabases } from '../../server/src/database/connect.ts';
import type { ConsoleWorld } from './world.ts';

/** Rows that one statement inserts: databases bound how many values it may carry. */
const rowsAtOnce = 500;

/** Puts plain members into the world's organization, `person-00001` and so on, without what the API would ask of them. */
export async function addCrowd({ hub, org }: ConsoleWorld, count: number): Promise<void> {
  const state = await connect(locateDatabases(hub.configuration).state);
  try {
    const { id: organization_id } = await state
      .selectFrom('organizations')
      .select('id')
      .where('name', '=', org)
      .executeTakeFirstOrThrow();
    const at = { created_at: Date.now(), updated_at: Date.now() };
    const flags = { email_verified: 0, is_active: 1, is_administrator: 0 } as const;
    const people = Array.from({ length: count }, (_, index) => {
      const number = String(index + 1).padStart(5, '0');
      const told = { username: `person-${number}`, name: `Person ${number}`, email: `person-${number}@acme.example` };
      return { id: number.padStart(32, '0'), ...told, ...flags, ...at, image: null, location: '', company: '' };
    });
    for (let start = 0; start < count; start += rowsAtOnce) {
      const rows = people.slice(start, start + rowsAtOnce);
      await state.insertInto('people').values(rows).execute();
      await state
        .insertInto('memberships')
        .values(rows.map(({ id, created_at }) => ({ organization_id, person_id: id, role: 'member', created_at })))
        .execute();
    }
  } finally {
    await state.destroy();
  }
}
