import { InvalidInput } from '../administration-error.ts';
import type { MembershipStore } from '../organizations/members.ts';
import type { OrganizationAccount, OrganizationStore } from '../organizations/organizations.ts';

/** When a token expires. */
export interface Expiry {
  /** Milliseconds since 1970; null for never. */
  readonly at: number | null;
  /** As it was given; null when it was given as a number or not at all. */
  readonly text: string | null;
}

/** RFC 3339 section 5.6. Anchored and of limited length, so it cannot backtrack. */
const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** @throws InvalidInput */
export function readExpiry(given: number | string | null): Expiry {
  return typeof given === 'string' ? { at: parseTime(given), text: given } : { at: given, text: null };
}

function parseTime(text: string): number {
  const match = rfc3339.exec(text);
  const at = match ? Date.parse(text) : Number.NaN;
  if (!match || Number.isNaN(at) || !isDayOfMonth(Number(match[1]), Number(match[2]), Number(match[3]))) {
    throw new InvalidInput('expiresAt', 'A time of expiry is written like 2027-12-31T23:59:59Z.');
  }
  return at;
}

/** The parser of dates makes March 2 of February 30. */
function isDayOfMonth(year: number, month: number, day: number): boolean {
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** A token that is born expired is a mistake: seconds given for milliseconds, or a day of last year. @throws InvalidInput */
export function checkExpiry({ at }: Expiry, now: number): void {
  if (at === null) return;
  if (Number.isSafeInteger(at) && at > now) return;
  throw new InvalidInput('expiresAt', 'A token expires in the future, or never.');
}

const hour = 60 * 60 * 1000;
const day = 24 * hour;

/** Whether a token lives no longer than each organization lets its tokens live. @throws InvalidInput */
export function checkLifetime({ at }: Expiry, now: number, organizations: readonly OrganizationAccount[]): void {
  for (const { name, maxTokenLifetimeMs: longest } of organizations) {
    if (longest === null || (at !== null && at <= now + longest)) continue;
    const length = longest >= 2 * day ? `${Math.floor(longest / day)} days` : `${Math.floor(longest / hour)} hours`;
    throw new InvalidInput(
      'expiresAt',
      `${name} requires that tokens expire within ${length}. Give a time of expiry that is not later.`,
    );
  }
}

/** The organizations whose rules hold for a person's tokens. */
export async function organizationsOf(
  { memberships, organizations }: { readonly memberships: MembershipStore; readonly organizations: OrganizationStore },
  personId: string,
): Promise<readonly OrganizationAccount[]> {
  const own = await memberships.ofPerson(personId);
  const accounts = await Promise.all(own.map(({ organizationId }) => organizations.byId(organizationId)));
  return accounts.filter((account) => account !== undefined);
}
