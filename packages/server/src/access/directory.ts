import type { Organization, OrganizationToken, Person, Repository } from '@pullgate/policy';

/** An access token as the gate knows it in memory. The secret itself is never kept, only its SHA-256. */
export interface Credential {
  /** `sub` of every registry token that was issued for it. */
  readonly id: string;
  /** What `docker login` gives as the user name: the person's user name, or the organization's name for an OAT. */
  readonly loginName: string;
  readonly principal: Person | OrganizationToken;
  /** Switched off by its person or an owner, or its person may not sign in any more. */
  readonly active: boolean;
  /** A console password. It is asked for each time: single sign-on may have been enforced since the last. */
  readonly isPassword?: true;
  /** Opens only what is public upstream: a personal access token whose widest scope is `repo:public_read`. */
  readonly publicOnly: boolean;
  /** What it opens of the API: a personal access token's scopes, or those of an OAT on its organization itself. */
  readonly scopes: readonly string[];
  /** Milliseconds since 1970; null never expires. */
  readonly expiresAt: number | null;
}

/** A person, with what says whether they may sign in at all. */
export interface Account {
  readonly person: Person;
  readonly isActive: boolean;
  /** Runs this installation. Gives no exemption from any policy. */
  readonly isAdministrator: boolean;
}

/**
 * Who is who, whole and in memory: no pull waits for the database. A directory never changes; the next one replaces it,
 * so that one decision never sees half of a change.
 */
export interface Directory {
  /** Grows with every change of organizations, people, tokens, claims or policies. */
  readonly revision: number;
  /** By the lower-case hex SHA-256 of the token's text. */
  credentialBySecret(sha256: string): Credential | undefined;
  credentialById(id: string): Credential | undefined;
  /**
   * What a person's console password stands for: there only where all their organizations accept it, and the person has no
   * second factor. Another password is another credential.
   */
  passwordCredentialOf(personId: string): Credential | undefined;
  /** Whether `docker login` takes anybody's console password. */
  readonly acceptsPasswords: boolean;
  /** By user name, lower case, whether or not the person has a token. */
  personByName(username: string): Person | undefined;
  accountById(id: string): Account | undefined;
  /** The organization that claims the repository's namespace on its registry. */
  claimOf(repository: Repository): Organization | undefined;
  organizationById(id: string): Organization | undefined;
  organizationByName(name: string): Organization | undefined;
  /**
   * Judges anonymous pulls and people who belong to no organization. The first organization, until changed. It enforces
   * sign-in as soon as any organization does.
   */
  readonly home: Organization | undefined;
}

/** The directory in force. */
export interface LiveDirectory {
  readonly current: Directory;
  /** Takes in what was written, before the writer is told that it is in force. */
  reload(): Promise<void>;
}
