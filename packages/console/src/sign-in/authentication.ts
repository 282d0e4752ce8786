/** What signing in goes through: routes of their own, since they set the cookie that all other calls carry. */
export type SignInStep = 'signed-in' | 'second-factor';

interface Refusal {
  readonly message?: string;
  readonly detail?: string;
}

async function post<Answer>(path: string, body: object): Promise<Answer> {
  const response = await fetch(`/api/auth${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer as Answer;
  const { message, detail } = answer as Refusal;
  throw new Error(detail ?? message ?? 'The gate did not take the sign-in. Try again.');
}

export async function signInWithPassword(username: string, password: string): Promise<SignInStep> {
  const { twoFactorRedirect } = await post<{ twoFactorRedirect?: boolean }>('/sign-in/username', {
    username,
    password,
  });
  return twoFactorRedirect === true ? 'second-factor' : 'signed-in';
}

/** @param code six digits of the authenticator app, or a backup code */
export async function signInWithCode(code: string): Promise<void> {
  const isBackup = !/^\d{6}$/.test(code);
  await post(isBackup ? '/two-factor/verify-backup-code' : '/two-factor/verify-totp', { code });
}

/** Leaves for the identity provider of the organization that has the address' domain. */
export async function signInElsewhere(email: string, callbackURL: string): Promise<void> {
  const { url } = await post<{ url: string }>('/sign-in/sso', { email, callbackURL });
  location.assign(url);
}

/** With a passkey of this device. Rejects when the person turned away from it. */
export async function signInWithPasskey(): Promise<void> {
  const response = await fetch('/api/auth/passkey/generate-authenticate-options');
  if (!response.ok) throw new Error('The gate offers no passkeys here. Sign in with a password.');
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await response.json());
  const credential = await navigator.credentials.get({ publicKey });
  if (!(credential instanceof PublicKeyCredential)) throw new Error('No passkey was chosen.');
  await post('/passkey/verify-authentication', { response: credential.toJSON() });
}
