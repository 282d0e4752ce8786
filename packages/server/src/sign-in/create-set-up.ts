import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { NotFound } from '../administration-error.ts';
import { type AdmissionStores, admit } from '../organizations/admission.ts';
import { insertOrganization, type OrganizationStore } from '../organizations/organizations.ts';
import type { PolicyStore } from '../organizations/policies.ts';
import { insertPerson, type NameStore, type PersonStore } from '../people/people.ts';
import { type PasswordHashes, requireGoodPassword } from './password-hash.ts';
import type { SetUp } from './set-up.ts';
import type { SignInStore } from './sign-in-store.ts';

interface Stores extends AdmissionStores {
  readonly organizations: OrganizationStore;
  readonly policies: PolicyStore;
  readonly people: PersonStore;
  readonly names: NameStore;
  readonly signIn: SignInStore;
}

const secretBytes = 32;
const lifetimeMs = 24 * 3600_000;

export function createSetUp(
  stores: Transactional<Stores>,
  hashes: Pick<PasswordHashes, 'hash'>,
  now: () => number,
): SetUp {
  const { organizations, signIn } = stores.read;

  async function isPending(secretHash: string, read: Stores['signIn']): Promise<boolean> {
    const pending = await read.setUp();
    // Hashes are compared: the time that it takes says nothing about the secret.
    return pending !== undefined && pending.secretHash === secretHash && pending.expiresAt > now();
  }

  const needed = async (): Promise<boolean> => (await organizations.list()).length === 0;

  return {
    needed,
    async begin() {
      if (!(await needed())) return undefined;
      const secret = `pgf_${randomBytes(secretBytes).toString('base64url')}`;
      await signIn.setSetUp({ secretHash: hashOf(secret), expiresAt: now() + lifetimeMs });
      return secret;
    },
    async complete(secret, first, { address }) {
      const secretHash = hashOf(secret);
      // Before the password is worked on: strangers must not make the gate do that.
      if (!(await isPending(secretHash, signIn))) throw spent();
      requireGoodPassword(first.password);
      const passwordHash = await hashes.hash(first.password);
      const { username, name, email, organization, organizationFullName: fullName } = first;
      const actor: Actor = { kind: 'system', name: 'set-up', address };
      await stores.change(actor, async (writing) => {
        const isEmpty = (await writing.organizations.list()).length === 0;
        if (!isEmpty || !(await isPending(secretHash, writing.signIn))) throw spent();
        await writing.signIn.setSetUp(undefined);
        const newcomer = { username, email, isAdministrator: true, ...(name !== undefined && { name }) };
        const person = await insertPerson(writing, newcomer);
        const made = await insertOrganization(
          writing,
          { name: organization, ...(fullName !== undefined && { fullName }) },
          actor,
        );
        await admit(writing, made, person, { role: 'owner' });
        await writing.signIn.setPassword(person.id, passwordHash, writing.at);
      });
    },
  };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function spent(): NotFound {
  return new NotFound('This set-up link was not found: it was used, is older than a day, or a newer one was made.');
}
