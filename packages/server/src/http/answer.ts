import type { IncomingMessage, ServerResponse } from 'node:http';
import { printable } from '@pullgate/policy';
import type { OciError } from './oci-error.ts';

/** A whole answer, decided upon before a byte of it is sent. */
export interface Answer {
  readonly status: number;
  /** Shown by clients that drop the body: containerd before 2.3 prints nothing else of a refused HEAD. */
  readonly reason?: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: string | Buffer;
}

/** The envelope of OCI distribution-spec, with the sentence as reason phrase too. */
export function ociAnswer(error: OciError, headers: Readonly<Record<string, string>> = {}): Answer {
  const retry = error.retryAfter === undefined ? {} : { 'Retry-After': error.retryAfter };
  return {
    status: error.status,
    reason: printable(error.message),
    headers: { 'Content-Type': 'application/json', ...retry, ...headers },
    body: JSON.stringify({ errors: [{ code: error.code, message: error.message }] }),
  };
}

/**
 * The same with a top-level `details`, which Docker's engines read of a token service: the form of an answer whose text
 * reaches the person in every client.
 */
export function tokenErrorAnswer(error: OciError, headers: Readonly<Record<string, string>> = {}): Answer {
  const { code, message } = error;
  return { ...ociAnswer(error, headers), body: JSON.stringify({ errors: [{ code, message }], details: message }) };
}

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify(value),
  };
}

/** Sends an answer. A HEAD says exactly what a GET would, and sends no body. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, reason, headers, body = '' } = answer;
  const bytes = Buffer.byteLength(body);
  const all = 'Content-Length' in headers ? headers : { 'Content-Length': bytes, ...headers };
  if (reason === undefined) response.writeHead(status, all);
  else response.writeHead(status, reason, all);
  if (request.method === 'HEAD') response.end();
  else if (bytes === body.length && bytes <= maxTextBytes)
    response.end(typeof body === 'string' ? body : body.toString('latin1'), 'latin1');
  else response.end(body);
}

/**
 * Bytes that are handed over as Latin-1 text, which for bytes and for ASCII is the same: Node.js joins text with the head
 * and writes both at once from the stack, a sixth faster than a head and a buffer.
 */
const maxTextBytes = 8 * 1024;
