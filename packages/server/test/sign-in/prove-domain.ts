import type { Actor } from '../../src/activity/activity.ts';
import type { Stores } from '../../src/database/stores.ts';
import { createDomains } from '../../src/sign-in/domains.ts';

/** Adds a domain to an organization and proves it, with a DNS that has what it is asked for. */
export async function proveDomain(stores: Stores, organization: string, domain: string, actor: Actor): Promise<void> {
  const records: string[] = [];
  const domains = createDomains(stores, async () => records);
  records.push((await domains.add(organization, domain, actor)).record.value);
  await domains.verify(organization, domain, actor);
}
