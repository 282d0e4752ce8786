import { gzipSync } from 'node:zlib';
import { type Answer, answer, redirect, registryError, type SmallRequest } from './answer.ts';
import { type Content, contentOf, randomContent } from './blob.ts';
import type { SmallManifest } from './image.ts';

/** One way to misbehave. Faults of content wait for an answer with content: a challenge does not use them up. */
export type Fault =
  /** Another status than the right one. `retryAfter` as the header says it: seconds or an HTTP date. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Never answers. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  /** Sends a challenge's reader to another token service. */
  | { readonly kind: 'realm'; readonly realm: string }
  /** Content: the right number of bytes, the first of them wrong. */
  | { readonly kind: 'wrong-bytes' }
  /** Content: declares the whole body, sends half of it and closes the connection. */
  | { readonly kind: 'short-body' }
  /** Content: resets the connection after so many bytes of the body. */
  | { readonly kind: 'reset'; readonly after: number }
  /** Content: declares no length and never ends. */
  | { readonly kind: 'endless-body' }
  /** Content: another length than the body has, by so many bytes more or less. Then closes the connection. */
  | { readonly kind: 'content-length'; readonly by: number }
  /** Content: another `Docker-Content-Digest`, or none. */
  | { readonly kind: 'digest-header'; readonly value: string | undefined }
  /** Content: compressed although nobody asked for it. */
  | { readonly kind: 'gzip' }
  /** Content: another document, with its own type, length and digest. */
  | { readonly kind: 'manifest'; readonly manifest: SmallManifest };

/** Faults that can be switched on while a server runs. A request is matched as `METHOD /path?query`. */
export interface Faults {
  /** Applies to the next matching answer only. */
  once(match: RegExp, fault: Fault): void;
  always(match: RegExp, fault: Fault): void;
  /** Behaves well from here on. */
  clear(): void;
}

export interface ActiveFaults extends Faults {
  /** Applies all matching faults in the order in which they were switched on. */
  bend(request: SmallRequest, right: Answer): Answer;
}

export function createFaults(): ActiveFaults {
  let rules: { match: RegExp; fault: Fault; once: boolean }[] = [];
  return {
    once: (match, fault) => void rules.push({ match, fault, once: true }),
    always: (match, fault) => void rules.push({ match, fault, once: false }),
    clear: () => {
      rules = [];
    },
    bend(request, right) {
      const line = `${request.method} ${request.url}`;
      let bent = right;
      for (const rule of rules) {
        if (!rule.match.test(line) || !concerns(rule.fault, bent)) continue;
        bent = apply(rule.fault, bent);
        if (rule.once) rules = rules.filter((other) => other !== rule);
      }
      return bent;
    },
  };
}

function concerns(fault: Fault, { status, headers }: Answer): boolean {
  switch (fault.kind) {
    case 'status':
    case 'delay':
    case 'hang':
    case 'redirect':
      return true;
    case 'realm':
      return headers['WWW-Authenticate'] !== undefined;
    default:
      return status === 200 || status === 206;
  }
}

function apply(fault: Fault, right: Answer): Answer {
  const { headers, body, delivery } = right;
  switch (fault.kind) {
    case 'status':
      return wrongStatus(fault.status, fault.retryAfter);
    case 'delay':
      return { ...right, delivery: { ...delivery, delayMs: fault.ms } };
    case 'hang':
      return { ...right, delivery: { ...delivery, silent: true } };
    case 'redirect':
      return redirect(fault.status ?? 307, fault.location);
    case 'realm':
      return withHeaders(right, {
        'WWW-Authenticate': headers['WWW-Authenticate']?.replace(/realm="[^"]*"/, `realm="${fault.realm}"`),
      });
    case 'wrong-bytes':
      return { ...right, body: flipped(body) };
    case 'short-body':
      return { ...right, delivery: { ...delivery, cut: { after: Math.floor(body.size / 2), by: 'close' } } };
    case 'reset':
      return { ...right, delivery: { ...delivery, cut: { after: fault.after, by: 'reset' } } };
    case 'endless-body':
      return {
        ...withHeaders(right, { 'Content-Length': undefined }),
        body: body.size > 0 ? body : randomContent(1024, 'endless'),
        delivery: { ...delivery, endless: true },
      };
    case 'content-length':
      return {
        ...withHeaders(right, { 'Content-Length': String(body.size + fault.by) }),
        delivery: { ...delivery, cut: { after: body.size, by: 'close' } },
      };
    case 'digest-header':
      return withHeaders(right, { 'Docker-Content-Digest': fault.value });
    case 'gzip':
      return compressed(right);
    case 'manifest':
      return otherManifest(right, fault.manifest);
  }
}

function wrongStatus(status: number, retryAfter: string | undefined): Answer {
  const code = codes[status] ?? 'UNKNOWN';
  const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
  return registryError(status, code, `This is a fault that was switched on: ${status}.`, headers);
}

const codes: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'DENIED',
  404: 'MANIFEST_UNKNOWN',
  429: 'TOOMANYREQUESTS',
};

function withHeaders(right: Answer, changes: Readonly<Record<string, string | undefined>>): Answer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...right.headers, ...changes })) {
    if (value !== undefined) headers[name] = value;
  }
  return { ...right, headers };
}

function flipped(body: Content): Content {
  return {
    size: body.size,
    *read(start = 0, end = body.size) {
      let position = start;
      for (const chunk of body.read(start, end)) {
        yield position === 0 ? Buffer.concat([Buffer.of(~(chunk[0] ?? 0) & 0xff), chunk.subarray(1)]) : chunk;
        position += chunk.length;
      }
    },
  };
}

function compressed(right: Answer): Answer {
  const body = contentOf(gzipSync(Buffer.concat([...right.body.read()])));
  const headers = { 'Content-Encoding': 'gzip', 'Content-Length': String(body.size) };
  return { ...withHeaders(right, headers), body };
}

function otherManifest(right: Answer, manifest: SmallManifest): Answer {
  const headers = { 'Content-Type': manifest.mediaType, 'Docker-Content-Digest': manifest.digest };
  return {
    ...answer(right.status, headers, contentOf(manifest.bytes)),
    ...(right.delivery && { delivery: right.delivery }),
  };
}
