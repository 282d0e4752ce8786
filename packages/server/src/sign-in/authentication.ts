/** Where a request comes from: for limits, sessions and the activity. */
export interface Remote {
  /** Network address of the client, as the trusted proxies tell it. */
  readonly address: string;
  readonly userAgent?: string;
}

export type SignInMethod = 'password' | 'passkey' | 'single-sign-on' | 'set-up';

/** A person who proved who they are, until it expires, is revoked, or the person is switched off. */
export interface Session {
  /** 32 characters of letters and digits. Tells who it is, and opens nothing: the cookie holds another secret. */
  readonly id: string;
  readonly personId: string;
  readonly username: string;
  readonly method: SignInMethod;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** A sign-in that was tried. Whatever was wrong with name or password looks the same, and takes the same time. */
export type SignInResult =
  | { readonly outcome: 'signed-in'; readonly session: Session }
  /** The password was right. `ticket` is for `secondFactor`, within minutes. */
  | { readonly outcome: 'second-factor'; readonly ticket: string }
  | { readonly outcome: 'refused' }
  /** What was typed is an address in a domain that takes only single sign-on. Says nothing of who has it, nor of the password. */
  | { readonly outcome: 'single-sign-on' }
  /** Too many wrong tries for this account or from this address. */
  | { readonly outcome: 'limited'; readonly retryAfterSeconds: number };

/** What comes of a sign-in with one step. */
export type PasswordCheck =
  | { readonly outcome: 'right'; readonly personId: string }
  | Exclude<SignInResult, { outcome: 'signed-in' | 'second-factor' }>
  /** Right, but this way in has no second step: a personal access token is what to use. */
  | { readonly outcome: 'second-factor-needed' };

/** Who the people at the other end are. Tokens are none of its business: see `access/sign-in.ts`. */
export interface Authentication {
  /**
   * The session of a request's cookies. `cross-site` when the request would change something and was sent by a page of
   * somebody else (CSRF): to be refused with 403, whoever is signed in.
   */
  sessionOf(request: Pick<Request, 'method' | 'headers'>): Promise<Session | 'cross-site' | undefined>;
  /** By its id, as long as it may be used. For API tokens, which carry it. */
  session(id: string): Promise<Session | undefined>;
  /**
   * Signs in with a password, for the API: the session it makes has no cookie.
   *
   * @param identifier a user name or an e-mail address
   */
  signIn(identifier: string, password: string, remote: Remote): Promise<SignInResult>;
  /** The second step. `code` is of the authenticator app or a backup code. */
  secondFactor(ticket: string, code: string, remote: Remote): Promise<SignInResult>;
  /** Checks a password without signing in: for `docker login`, which has no second step. */
  checkPassword(identifier: string, password: string, remote: Remote): Promise<PasswordCheck>;
  /**
   * Sets the first password of a person who has no way to sign in yet, as one who accepted an invitation.
   *
   * @throws InvalidInput when the password is too short or too long, AlreadyExists when the person can sign in already
   */
  setFirstPassword(personId: string, password: string, remote: Remote): Promise<void>;
  /** @throws InvalidInput with the field `password`: to be asked before anything is made. */
  requireGoodPassword(password: string): void;
  /** Newest first. */
  sessions(personId: string): Promise<readonly Session[]>;
  /** @throws NotFound */
  revokeSession(personId: string, id: string, remote: Remote): Promise<void>;
}

/** A part of the paths of signing in: takes whole requests and answers them. */
export type SignInPath = (request: Request, remote: Remote) => Promise<Response>;

/** What the API mounts. */
export interface SignInPaths {
  /** `/api/auth/…`: what a browser signs in with. */
  readonly browser: SignInPath;
  /** `/v2/scim/2.0/…`: what identity providers provision people with. Has bearers and errors of its own. */
  readonly scim: Provisioning;
}

export interface Provisioning {
  readonly answer: SignInPath;
  /** Whether it has the bearer of a connection: the body of whoever has none need not be read. */
  isKnown(request: Request): Promise<boolean>;
}
