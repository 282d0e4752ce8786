export interface SignInSearch {
  /** Where to go once signed in. */
  readonly next?: string;
  /** Why somebody has to sign in again, or what went wrong at the identity provider: a code. */
  readonly error?: string;
}

export function parseSignInSearch({ next, error }: Record<string, unknown>): SignInSearch {
  return {
    // Only a page of this console: anything else would make it a way to send people elsewhere.
    ...(typeof next === 'string' && /^\/console(?:[/?]|$)/.test(next) && { next }),
    ...(typeof error === 'string' && { error }),
  };
}

/** Sentences for the codes, of which the console itself writes the first. What else stands in an address is not repeated: anybody can write one. */
const sentences: Readonly<Record<string, string>> = {
  SESSION_ENDED: 'Your session has ended. Sign in again to go on where you were.',
  WRONG_DOMAIN: 'Your identity provider may not speak for this e-mail address. Ask an owner of your organization.',
  SWITCHED_OFF: 'This account is switched off. Ask an owner of your organization.',
  NO_MEMBER: 'You are no member of the organization. Ask an owner for an invitation.',
  ADDRESS_NOT_PROVED:
    'There is an account with this address already. Sign in with its password first, then with single sign-on.',
  UNKNOWN_CONNECTION: 'This single sign-on is not there any more. Ask an owner of your organization.',
  access_denied: 'The identity provider did not let you in, or you turned back there.',
  invalid_state: 'That took too long, or it was begun in another browser. Try again.',
};

export function sentenceOf(code: string): string {
  return (
    sentences[code] ??
    'Single sign-on did not work. Try again; if it stays so, tell an owner of your organization, who finds more in the activity.'
  );
}
