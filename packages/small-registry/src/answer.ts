import { type Content, contentOf } from './blob.ts';

/** What a server answers, as a value: faults bend it before it goes on the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Content;
  readonly delivery?: Delivery;
}

/** How an answer misbehaves on the wire. */
interface Delivery {
  readonly delayMs?: number;
  /** Nothing is ever sent; the connection stays open. */
  readonly silent?: boolean;
  /** The body begins again and again, until the client goes away. */
  readonly endless?: boolean;
  /** Ends the connection after so many bytes of the body, in order or with a TCP reset. */
  readonly cut?: { readonly after: number; readonly by: 'close' | 'reset' };
}

export interface SmallRequest {
  readonly method: string;
  /** Path and query exactly as they were sent. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export function answer(status: number, headers: Readonly<Record<string, string>>, body: Content): Answer {
  return { status, headers: { 'Content-Length': String(body.size), ...headers }, body };
}

export function json(status: number, document: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = contentOf(Buffer.from(JSON.stringify(document)));
  return answer(status, { 'Content-Type': 'application/json', ...headers }, body);
}

/** An error as OCI distribution-spec 1.1 words it. */
export function registryError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return json(status, { errors: [{ code, message }] }, headers);
}

export function redirect(status: number, location: string): Answer {
  return answer(status, { Location: location }, contentOf(Buffer.alloc(0)));
}
