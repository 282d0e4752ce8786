import { createHmac } from 'node:crypto';

const prefix = 'whsec_';

/** Whether a webhook's secret is one that can be signed with: what follows `whsec_` must be Base64. */
export function isSigningSecret(secret: string): boolean {
  return !secret.startsWith(prefix) || /^[A-Za-z0-9+/]+={0,2}$/.test(secret.slice(prefix.length));
}

/** The key in a secret: Base64 behind `whsec_`, as the libraries of Standard Webhooks have it, or any other text as it is. */
export function signingKey(secret: string): Buffer {
  return secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);
}

/**
 * Signs a delivery: HMAC-SHA256 over id, time and body, so that neither can be exchanged, nor an old delivery be sent
 * again later (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 *
 * @param timestamp seconds since 1970
 */
export function signatureHeaders(key: Buffer, id: string, timestamp: number, body: string) {
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
  };
}
