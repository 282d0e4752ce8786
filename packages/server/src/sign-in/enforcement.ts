import type { LiveDirectory } from '../access/directory.ts';
import type { ConnectionStore, StoredConnection } from './connection-store.ts';
import type { SignInPerson } from './sign-in-store.ts';

export interface EnforcementStores {
  readonly connections: Pick<ConnectionStore, 'byDomain'>;
}

/** Where an organization takes nothing but its own single sign-on. */
export interface Enforcement {
  /**
   * Whether a person may use nothing but single sign-on. Owners keep their passwords: when the identity provider fails,
   * somebody has to be able to switch it off.
   */
  binds(person: Pick<SignInPerson, 'id' | 'email'>): Promise<boolean>;
  /**
   * Whether single sign-on is enforced for the domain of an address. It may be told to whoever asks: it says nothing of
   * who has that address, and what is no address is no answer.
   */
  holdsFor(identifier: string): Promise<boolean>;
}

export function createEnforcement({ connections }: EnforcementStores, directory: LiveDirectory): Enforcement {
  async function enforcing(address: string | null): Promise<StoredConnection | undefined> {
    const domain = domainOf(address ?? '');
    const connection = domain === undefined ? undefined : await connections.byDomain(domain);
    return connection?.enforced ? connection : undefined;
  }

  return {
    async binds({ id, email }) {
      const connection = await enforcing(email);
      if (!connection) return false;
      const memberships = directory.current.accountById(id)?.person.memberships ?? [];
      return !memberships.some(
        ({ organization, role }) => organization.id === connection.organizationId && role === 'owner',
      );
    },
    holdsFor: async (identifier) => (await enforcing(identifier)) !== undefined,
  };
}

/** The part of an e-mail address that says whose it is, in lower case. */
export function domainOf(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  return at === -1 ? undefined : address.slice(at + 1).toLowerCase();
}
