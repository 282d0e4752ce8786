/** A route of the library that is served. All others are as good as absent. */
export interface BrowserPath {
  readonly method: 'GET' | 'POST';
  /** Below `/api/auth`. */
  readonly path: RegExp;
  /** Sent by the page of an identity provider, which shows by its signature that it may. */
  readonly isFromElsewhere?: true;
  /** Bytes of a body; 16 KiB when absent. */
  readonly maxBytes?: number;
}

const connection = '[0-9a-f]{32}';
/** A signed assertion with all groups of a person. */
const samlBytes = 512 * 1024;

const plain: readonly (readonly [BrowserPath['method'], string])[] = [
  ['GET', '/get-session'],
  ['GET', '/list-accounts'],
  ['POST', '/sign-in/username'],
  ['POST', '/sign-in/sso'],
  ['POST', '/sign-out'],
  ['POST', '/change-password'],
  ['POST', '/request-password-reset'],
  ['POST', '/reset-password'],
  ['POST', '/two-factor/enable'],
  ['POST', '/two-factor/disable'],
  ['POST', '/two-factor/verify-totp'],
  ['POST', '/two-factor/verify-backup-code'],
  ['POST', '/two-factor/generate-backup-codes'],
  ['GET', '/passkey/generate-register-options'],
  ['POST', '/passkey/verify-registration'],
  ['GET', '/passkey/generate-authenticate-options'],
  ['POST', '/passkey/verify-authentication'],
  ['GET', '/passkey/list-user-passkeys'],
  ['POST', '/passkey/update-passkey'],
  ['POST', '/passkey/delete-passkey'],
  ['GET', '/sso/saml2/sp/metadata'],
];

const paths: readonly BrowserPath[] = [
  ...plain.map(([method, path]) => ({ method, path: new RegExp(`^${path}$`) })),
  { method: 'GET', path: new RegExp(`^/sso/callback/${connection}$`) },
  {
    method: 'POST',
    path: new RegExp(`^/sso/saml2/sp/acs/${connection}$`),
    isFromElsewhere: true,
    maxBytes: samlBytes,
  },
];

/** @param path below `/api/auth`, as it came. */
export function browserPath(method: string, path: string): BrowserPath | undefined {
  return paths.find((one) => one.method === method && one.path.test(path));
}
