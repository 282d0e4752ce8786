import { resolveTxt } from 'node:dns/promises';
import type { LiveDirectory } from '../access/directory.ts';
import type { CheckPassword } from '../access/password-login.ts';
import type { Administration } from '../administration.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { Database } from '../database/schema.ts';
import type { Stores } from '../database/stores.ts';
import type { PublicAddress } from '../http/public-address.ts';
import type { Log } from '../observe/log.ts';
import type { LibraryDatabase } from '../sign-in/library-records.ts';
import { type LimitedMail, limitMail } from '../sign-in/limited-mail.ts';
import { openSignIn as open, type SignIn } from '../sign-in/open-sign-in.ts';
import { passwordCost } from '../sign-in/password-hash.ts';
import { createSmtpMail } from '../sign-in/smtp-mail.ts';
import { createIdentityProviderFetch } from '../upstream/identity-provider-fetch.ts';

/** How people prove who they are. */
export interface SignInParts extends SignIn {
  readonly mail: LimitedMail | undefined;
  /** For `docker login` with a console password. */
  readonly checkLogin: CheckPassword;
}

export interface SignInNeeds {
  readonly configuration: Configuration;
  readonly address: PublicAddress;
  readonly database: Database;
  /** Whose changes are in force as soon as they are made. */
  readonly stores: Stores;
  readonly administration: Administration;
  readonly directory: LiveDirectory;
  readonly key: Uint8Array;
  readonly log: Log;
}

export function openSignIn(needs: SignInNeeds, closing: AsyncDisposableStack): SignInParts {
  const { configuration, address, database, stores, administration, directory, key, log } = needs;
  const providers = createIdentityProviderFetch(configuration.singleSignOn);
  closing.defer(() => providers.close());
  const mail = openMail(configuration, address, closing);
  const signIn = open({
    stores,
    administration,
    directory,
    // The library names tables and columns itself, from what it is told of them.
    database: database as unknown as LibraryDatabase,
    key,
    passwordCost,
    url: address.url,
    consoleUrl: `${address.url}/console`,
    mail,
    fetch: providers.fetch,
    resolveTxt: textRecords,
    log,
    now: Date.now,
  });
  closing.defer(() => signIn.close());
  return { ...signIn, mail, checkLogin: loginCheck(signIn.authentication) };
}

/** There is no second step at `docker login`, so a password alone is wrong where there is a second factor. */
function loginCheck(authentication: SignIn['authentication']): CheckPassword {
  return async (username, password, address) => {
    const checked = await authentication.checkPassword(username, password, { address });
    switch (checked.outcome) {
      case 'right':
        return { personId: checked.personId };
      case 'limited':
        return { retryAfterSeconds: checked.retryAfterSeconds };
      case 'single-sign-on':
        return { refused: 'single-sign-on' };
      default:
        return { refused: 'wrong' };
    }
  };
}

function openMail(
  { mail }: Configuration,
  { host: gate }: PublicAddress,
  closing: AsyncDisposableStack,
): LimitedMail | undefined {
  if (mail === undefined) return undefined;
  const { host, port, security, username, password, from } = mail;
  const smtp = createSmtpMail({
    host,
    port,
    secure: security === 'tls',
    requireTls: security === 'starttls',
    username,
    password: password?.reveal(),
    from,
    gate,
  });
  closing.defer(() => smtp.close());
  return limitMail(smtp, Date.now);
}

/** Long records come in pieces (RFC 7208 section 3.3). */
async function textRecords(name: string): Promise<readonly string[]> {
  try {
    return (await resolveTxt(name)).map((pieces) => pieces.join(''));
  } catch {
    return [];
  }
}
