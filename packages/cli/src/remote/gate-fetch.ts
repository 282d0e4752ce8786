import { exitCode } from '../exit-code.ts';
import { Failure } from '../failure.ts';

/** `fetch` that says what to do when there is no answer. */
export async function gateFetch(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    throw new Failure(`${new URL(request.url).host} ${reasonOf(error)}`, exitCode.network);
  }
}

const untrusted =
  'has a certificate that is not trusted here. If an authority of your own signed it, name its file in NODE_EXTRA_CA_CERTS.';

/** By the codes of Node and of OpenSSL. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'takes no connections. Is the gate running, and the port right?',
  ENOTFOUND: 'is not known here. Is the name right?',
  EAI_AGAIN: 'could not be looked up. Is this machine on the network?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak https. Is it http:// and on this machine?',
  UND_ERR_CONNECT_TIMEOUT: 'does not answer. Is the address right, and reachable from here?',
  UND_ERR_HEADERS_TIMEOUT: 'does not answer. Try again later.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name. Use the address that the certificate is for.',
  CERT_HAS_EXPIRED: 'has a certificate that has expired. Tell whoever runs the gate.',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
};

function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const { code, message } = (cause instanceof Error ? cause : {}) as { code?: unknown; message?: string };
  if (message === 'unexpected redirect') return 'sends elsewhere. Use the address that it sends to.';
  const known = typeof code === 'string' && Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return known ?? `could not be reached: ${message ?? 'for no known reason'}`;
}
