/** Routes of their own, since they set the cookie that all other calls carry. */
const base = '/api/auth';

interface Refusal {
  readonly code?: string;
  readonly message?: string;
  readonly detail?: string;
}

/** What the sign-in library's codes mean to a person. The gate's own refusals have sentences already. */
const sentences: Readonly<Record<string, string>> = {
  INVALID_PASSWORD: 'The password is wrong.',
  INVALID_CODE: 'This code is wrong. Enter the one that the app shows now.',
  INVALID_BACKUP_CODE: 'This is none of your backup codes, or it was used. Each works once.',
  INVALID_TWO_FACTOR_COOKIE: 'That took too long. Sign in with your password again.',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'Too many wrong codes. Sign in with your password again.',
  ACCOUNT_TEMPORARILY_LOCKED: 'Too many wrong codes. Wait 15 minutes, then sign in again.',
  TOTP_ALREADY_ENABLED: 'The second factor is on already. Load the page again.',
  SESSION_NOT_FRESH: 'You signed in too long ago to change this. Sign out, sign in again, and come back.',
  PASSWORD_TOO_SHORT: 'A password has at least 10 characters.',
  PASSWORD_TOO_LONG: 'A password has at most 256 characters.',
  INVALID_TOKEN: 'This link was used, or it is older than an hour. Ask for a new letter.',
  INVALID_EMAIL: 'This is no e-mail address.',
  VALIDATION_ERROR: 'Something is missing, or has a form that the gate does not take. Look at the fields again.',
  PASSKEY_NOT_FOUND: 'The gate does not know this passkey. Sign in with a password, and add the passkey again.',
  AUTHENTICATION_FAILED: 'The gate did not take this passkey. Sign in with a password.',
  FAILED_TO_VERIFY_REGISTRATION: 'The gate did not take this passkey. Try again, or use another device.',
  PREVIOUSLY_REGISTERED: 'This passkey is on your list already.',
  CHALLENGE_NOT_FOUND: 'That took too long. Try again.',
};

async function answerOf<Answer>(response: Response): Promise<Answer> {
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer as Answer;
  const { code = '', message, detail } = (answer ?? {}) as Refusal;
  throw new Error(sentences[code] ?? detail ?? message ?? 'The gate did not take this. Try again.');
}

export async function getSignIn<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return answerOf(await fetch(`${base}${path}`, signal ? { signal } : {}));
}

export async function postSignIn<Answer>(path: string, body: object): Promise<Answer> {
  const headers = { 'Content-Type': 'application/json' };
  return answerOf(await fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
}
