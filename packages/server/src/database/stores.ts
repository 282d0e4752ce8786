import type { DirectoryReader } from '../access/live-directory.ts';
import type { ChangeContext, Transactional } from '../activity/transactional.ts';
import type { AdministrationStores } from '../administration.ts';
import type { CategoryStore } from '../catalog/category-store.ts';
import type { TokenUseStore } from '../tokens/token-use.ts';
import { appendActivity, openActivityStore } from './activity-store.ts';
import { openCategoryStore } from './category-store.ts';
import { openConnectionStore, openDomainStore } from './connection-store.ts';
import { openDirectoryReader } from './directory-reader.ts';
import { openInvitationStore } from './invitation-store.ts';
import { openMembershipStore } from './membership-store.ts';
import { openNamespaceStore } from './namespace-store.ts';
import { openOrganizationStore } from './organization-store.ts';
import { openOrganizationTokenStore } from './organization-token-store.ts';
import { openNameStore, openPersonStore } from './person-store.ts';
import { openPersonalTokenStore } from './personal-token-store.ts';
import { openPolicyStore } from './policy-store.ts';
import { raiseRevision } from './revision.ts';
import type { Database } from './schema.ts';
import { openSignInStore } from './sign-in-store.ts';
import { openTeamStore } from './team-store.ts';
import { openTokenUseStore } from './token-use-store.ts';

/** All that is kept in a database. */
export interface Stores extends Transactional<AdministrationStores> {
  readonly categories: CategoryStore;
  readonly tokenUse: TokenUseStore;
  readonly directory: DirectoryReader;
}

/** @param clock gives milliseconds since 1970. */
export function openStores(database: Database, clock: () => number = Date.now): Stores {
  const change: Transactional<AdministrationStores>['change'] = (actor, work) =>
    database.transaction().execute(async (transaction) => {
      // First of all: its row lock is what makes changes run one after another where several connections write.
      await raiseRevision(transaction);
      const at = clock();
      const context: ChangeContext = { at, record: (entry) => appendActivity(transaction, entry, actor, at) };
      return work({ ...administrationStores(transaction), ...context });
    });
  return {
    read: administrationStores(database),
    change,
    categories: openCategoryStore(database, clock),
    tokenUse: openTokenUseStore(database),
    directory: openDirectoryReader(database),
  };
}

function administrationStores(database: Database): AdministrationStores {
  return {
    organizations: openOrganizationStore(database),
    memberships: openMembershipStore(database),
    teams: openTeamStore(database),
    invitations: openInvitationStore(database),
    namespaces: openNamespaceStore(database),
    policies: openPolicyStore(database),
    people: openPersonStore(database),
    names: openNameStore(database),
    personalTokens: openPersonalTokenStore(database),
    organizationTokens: openOrganizationTokenStore(database),
    signIn: openSignInStore(database),
    connections: openConnectionStore(database),
    domains: openDomainStore(database),
    activity: openActivityStore(database),
  };
}
