import { getSignIn, postSignIn } from './sign-in-routes.ts';

/** Browsers have passkeys on pages with TLS only, and on those of the same machine. */
export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
}

/** With a passkey of this device. Rejects when the person turned away from it. */
export async function signInWithPasskey(): Promise<void> {
  const options = await getSignIn<PublicKeyCredentialRequestOptionsJSON>('/passkey/generate-authenticate-options');
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await chosen(() => navigator.credentials.get({ publicKey }));
  await postSignIn('/passkey/verify-authentication', { response: credential.toJSON() });
}

/** Makes a passkey on this device, or on one that the browser offers, for whoever is signed in. */
export async function addPasskey(name: string): Promise<void> {
  const options = await getSignIn<PublicKeyCredentialCreationOptionsJSON>('/passkey/generate-register-options');
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await chosen(() => navigator.credentials.create({ publicKey }));
  await postSignIn('/passkey/verify-registration', { response: credential.toJSON(), name });
}

async function chosen(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
  throw new Error('No passkey was chosen.');
}

/** Browsers do not tell pages why there was none, lest pages learn which passkeys there are. */
function reasonOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'InvalidStateError') return 'This device has a passkey for your account already.';
  if (name === 'SecurityError')
    return 'The browser makes no passkeys for this address: it needs the name of a host, and TLS.';
  return 'No passkey was chosen, or it took too long. Try again.';
}
