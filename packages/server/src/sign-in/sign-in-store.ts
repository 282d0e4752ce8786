import type { Session } from './authentication.ts';

/** What a password is checked against. */
export interface Credentials {
  readonly person: SignInPerson;
  /** PHC string; undefined when the person has no password. */
  readonly passwordHash: string | undefined;
}

/** A person, as far as signing in goes. */
export interface SignInPerson {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  /** Whether the person, or who answers for its domain, has shown that the address is theirs. */
  readonly emailVerified: boolean;
  readonly isActive: boolean;
  readonly hasSecondFactor: boolean;
}

/** What is kept of sign-ins beside what the library keeps for itself. */
export interface SignInStore {
  /** By user name or e-mail address, in lower case. */
  credentials(identifier: string): Promise<Credentials | undefined>;
  person(id: string): Promise<SignInPerson | undefined>;
  /** By its id, unless it has expired or its person is switched off. */
  session(id: string, now: number): Promise<Session | undefined>;
  /** Not expired, newest first. */
  sessions(personId: string, now: number): Promise<readonly Session[]>;
  /** Whether there was one. */
  deleteSession(personId: string, id: string): Promise<boolean>;
  /** Ends all sessions of a person but `except`, second steps that wait for a code, and links for a new password. */
  endSignIns(personId: string, except?: string): Promise<void>;
  /** Sessions and steps of sign-ins that are over. */
  deleteExpired(now: number): Promise<void>;
  /** Whether the person has a password, a passkey or an identity at an identity provider. */
  canSignIn(personId: string): Promise<boolean>;
  /** Ends everything that was begun with another one, as `endSignIns` does. */
  setPassword(personId: string, hash: string, at: number): Promise<void>;
  setEmailVerified(personId: string, at: number): Promise<void>;
  /** Of the person who is known by this subject at a connection. */
  personByIdentity(connectionId: string, subject: string): Promise<SignInPerson | undefined>;
  /** Hash of the secret of the set-up link, and its end in milliseconds since 1970. */
  setUp(): Promise<{ readonly secretHash: string; readonly expiresAt: number } | undefined>;
  /** None when undefined. */
  setSetUp(pending: { readonly secretHash: string; readonly expiresAt: number } | undefined): Promise<void>;
}
