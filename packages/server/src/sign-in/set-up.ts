import type { Remote } from './authentication.ts';

/** The first owner and the first organization. */
export interface FirstOwner {
  readonly username: string;
  /** The user name when absent. */
  readonly name?: string;
  readonly email: string;
  readonly password: string;
  readonly organization: string;
  /** The organization's name when absent. */
  readonly organizationFullName?: string;
}

/** Lets the first person in: an installation that has no organization yet has nobody to ask. */
export interface SetUp {
  /** Whether there is no organization yet. */
  needed(): Promise<boolean>;
  /** A new secret for a set-up link, good for a day and once; the one before opens nothing any more. Undefined when it is not needed. */
  begin(): Promise<string | undefined>;
  /**
   * Makes the person, who administers the installation, and the organization, all or nothing.
   *
   * @throws NotFound when the secret is unknown, used or expired or an organization exists, InvalidInput
   */
  complete(secret: string, first: FirstOwner, remote: Remote): Promise<void>;
}
