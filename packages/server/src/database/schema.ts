import type { Generated, Kysely } from 'kysely';
import type { SignInTables } from './sign-in-tables.ts';

// Columns have types that every database has: text, integer (flags are 0 or 1) and bigint (milliseconds since 1970,
// bytes, sequences). JSON is text, so that what was hashed is read back byte for byte. Ids are made by the program.

type Flag = 0 | 1;

/** Shaped so that a sign-in library can use it as its table of users, by mapping the names of fields. */
interface PeopleTable {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly email: string | null;
  readonly email_verified: Flag;
  readonly image: string | null;
  readonly location: string;
  readonly company: string;
  readonly is_active: Flag;
  readonly is_administrator: Flag;
  /** The sign-in library's to change. */
  readonly two_factor_enabled: Generated<Flag>;
  readonly created_at: number;
  readonly updated_at: number;
}

interface OrganizationsTable {
  readonly id: string;
  readonly name: string;
  readonly full_name: string;
  readonly location: string;
  readonly company: string;
  readonly enforce_sign_in: Flag;
  /** Milliseconds. */
  readonly max_token_lifetime: number | null;
  readonly password_login: Flag;
  /** JSON. */
  readonly custom_registries: string;
  readonly created_at: number;
}

interface MembershipsTable {
  readonly organization_id: string;
  readonly person_id: string;
  readonly role: string;
  readonly created_at: number;
}

interface TeamsTable {
  readonly id: number;
  readonly uuid: string;
  readonly organization_id: string;
  readonly name: string;
  /** The name in lower case. */
  readonly name_key: string;
  readonly description: string;
  readonly role: string;
  readonly created_at: number;
}

/** Of all teams but `owners`, whose members are the owners. */
interface TeamMembersTable {
  readonly team_id: number;
  readonly organization_id: string;
  readonly person_id: string;
  readonly created_at: number;
}

interface InvitationsTable {
  readonly id: string;
  readonly organization_id: string;
  readonly invitee: string;
  readonly email: string | null;
  readonly person_id: string | null;
  readonly role: string;
  readonly team_id: number | null;
  /** Lower-case hex SHA-256. */
  readonly secret_hash: string;
  readonly invited_by: string;
  readonly created_at: number;
  readonly expires_at: number;
}

interface NamespacesTable {
  readonly registry: string;
  readonly namespace: string;
  readonly organization_id: string;
  readonly claimed_at: number;
  readonly claimed_by: string;
}

interface PolicyVersionsTable {
  readonly organization_id: string;
  readonly version: number;
  /** JSON. */
  readonly policy: string;
  readonly changed_at: number;
  readonly changed_by: string;
  /** What it changed, in words to be searched. */
  readonly changed: string;
  /** The same as JSON; null for the first. */
  readonly difference: string | null;
}

interface AccessTokenColumns {
  readonly id: string;
  /** Lower-case hex SHA-256. */
  readonly secret_hash: string;
  readonly label: string;
  readonly description: string;
  readonly expires_at: number | null;
  readonly expires_at_text: string | null;
  readonly is_active: Flag;
  readonly created_at: number;
  readonly created_by: string;
  readonly creator_ip: string | null;
  readonly creator_ua: string | null;
  readonly last_used_at: number | null;
  readonly last_used_address: string | null;
}

interface PersonalAccessTokensTable extends AccessTokenColumns {
  readonly person_id: string;
  /** JSON. */
  readonly scopes: string;
}

interface OrganizationAccessTokensTable extends AccessTokenColumns {
  readonly organization_id: string;
  /** JSON. */
  readonly resources: string;
}

interface CategoriesTable {
  readonly registry: string;
  readonly namespace: string;
  readonly category: string;
  readonly source: string;
  readonly as_of: number;
  readonly checked_at: number;
}

interface ActivityTable {
  readonly sequence: number;
  readonly organization_id: string | null;
  readonly action: string;
  /** JSON, like `before` and `after`. */
  readonly actor: string;
  readonly address: string | null;
  readonly at: number;
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly previous_hash: string;
  readonly hash: string;
  readonly actor_name: string;
}

/** How far the activity, or the refusals, were delivered to each target. */
interface DeliveriesTable {
  readonly target: string;
  /** In the words of what is delivered; opaque. */
  readonly position: string;
  /** The node that delivers, as long as it says so. */
  readonly holder: string;
  readonly held_until: number;
}

interface PullRecordsTable {
  readonly id: string;
  readonly at: number;
  readonly verdict: string;
  readonly rule: string;
  readonly organization_id: string | null;
  readonly policy_version: number | null;
  readonly person: string | null;
  readonly person_id: string | null;
  readonly token_id: string | null;
  readonly address: string;
  readonly client: string;
  readonly operation: string;
  readonly method: string;
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
  readonly category: string;
  readonly stale: Flag;
  /** Each writer has a chain of its own. */
  readonly chain: string;
  readonly sequence: number;
  readonly previous_hash: string;
  readonly hash: string;
}

interface SigningKeysTable {
  readonly id: string;
  readonly secret: string;
  readonly created_at: number;
}

interface InstanceTable {
  readonly key: string;
  readonly value: string;
}

interface CachedContentsTable {
  readonly audience: string;
  readonly repository: string;
  readonly digest: string;
  readonly kind: 'manifest' | 'blob';
  readonly media_type: string | null;
  readonly size: number;
  readonly confirmed: Flag;
}

interface CachedTagsTable {
  readonly audience: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly media_type: string;
  readonly size: number;
  readonly checked_at: number;
}

export interface Tables extends SignInTables {
  readonly people: PeopleTable;
  readonly organizations: OrganizationsTable;
  readonly memberships: MembershipsTable;
  readonly teams: TeamsTable;
  readonly team_members: TeamMembersTable;
  readonly invitations: InvitationsTable;
  readonly namespaces: NamespacesTable;
  readonly policy_versions: PolicyVersionsTable;
  readonly personal_access_tokens: PersonalAccessTokensTable;
  readonly organization_access_tokens: OrganizationAccessTokensTable;
  readonly categories: CategoriesTable;
  readonly activity: ActivityTable;
  readonly deliveries: DeliveriesTable;
  readonly pull_records: PullRecordsTable;
  readonly signing_keys: SigningKeysTable;
  readonly instance: InstanceTable;
  readonly cached_contents: CachedContentsTable;
  readonly cached_tags: CachedTagsTable;
}

/** An open database, whichever it is. `destroy()` closes it. */
export type Database = Kysely<Tables>;
