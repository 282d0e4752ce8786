import type { LiveDirectory } from '../access/directory.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { SignInStore } from './sign-in-store.ts';

export interface EnforcementStores {
  readonly connections: Pick<ConnectionStore, 'byDomain'>;
  readonly signIn: Pick<SignInStore, 'credentials'>;
}

/**
 * Whether the person of a user name or an e-mail address may use nothing but single sign-on. Of an address that nobody
 * has, the domain alone tells, so that nobody learns who has an account.
 */
export type RequiresSingleSignOn = (identifier: string) => Promise<boolean>;

/** Owners keep their passwords: when the identity provider fails, somebody has to be able to switch it off. */
export function createEnforcement(
  { connections, signIn }: EnforcementStores,
  directory: LiveDirectory,
): RequiresSingleSignOn {
  return async (identifier) => {
    const person = (await signIn.credentials(identifier.toLowerCase()))?.person;
    const domain = domainOf(person?.email ?? identifier);
    const connection = domain === undefined ? undefined : await connections.byDomain(domain);
    if (!connection?.enforced) return false;
    const memberships = (person && directory.current.accountById(person.id)?.person.memberships) ?? [];
    return !memberships.some(
      ({ organization, role }) => organization.id === connection.organizationId && role === 'owner',
    );
  };
}

/** The part of an e-mail address that says whose it is, in lower case. */
export function domainOf(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  return at === -1 ? undefined : address.slice(at + 1).toLowerCase();
}
