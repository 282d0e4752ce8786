import type { Endpoint } from '@pullgate/contract';
import { holdsNul, nulRefused } from '../http/nul.ts';
import { ApiError, invalidField, invalidRequest, nothingThere } from './errors.ts';

/** A parameter that cannot be right names nothing that exists. @throws ApiError */
export function readParams({ params: schema }: Endpoint, params: Readonly<Record<string, string>>): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(params);
  if (!result.success) throw nothingThere();
  return result.data;
}

/** @throws ApiError */
export function readQuery({ query: schema }: Endpoint, search: URLSearchParams): unknown {
  if (schema === undefined) return undefined;
  for (const [name, value] of search) if (value.includes('\0')) throw invalidField(name, nulRefused);
  const result = schema.safeParse(Object.fromEntries(search));
  if (!result.success) throw invalidRequest(result.error, 'query');
  return result.data;
}

/**
 * Reads a body of JSON, whatever its type is said to be: clients say `application/json` also where there is none.
 *
 * @throws ApiError
 */
export async function readBody({ body: schema, permission }: Endpoint, request: Request): Promise<unknown> {
  if (schema === undefined) return undefined;
  const limit = permission.who === 'everybody' ? maxStrangersBytes : maxBytes;
  const result = schema.safeParse(parseJson(await readText(request, limit)));
  if (!result.success) throw invalidRequest(result.error, 'body');
  return result.data;
}

/** An allowlist of 20 000 repositories with long names. */
const maxBytes = 4 * 1024 * 1024;
/** Of who has not signed in: a name, a password, a token. */
const maxStrangersBytes = 64 * 1024;

/** The same request with its body read, for whoever would read one of any length. @throws ApiError */
export async function withBoundedBody(request: Request): Promise<Request> {
  if (request.body === null) return request;
  const { url, method, headers } = request;
  const body = await readBytes(request, maxForeignBytes);
  if (holdsNul(body.toString('latin1'))) throw invalidField('body', nulRefused);
  return new Request(url, { method, headers, body });
}

/** A group of ten thousand members, as an identity provider sends it. */
const maxForeignBytes = 1024 * 1024;

async function readText(request: Request, limit: number): Promise<string> {
  const bytes = await readBytes(request, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notJson('it is not UTF-8');
  }
}

async function readBytes(request: Request, limit: number): Promise<Buffer<ArrayBuffer>> {
  const tooLarge = new ApiError(413, `The body is larger than ${limit} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > limit) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  if (text === '') throw notJson('it is empty');
  if (holdsNul(text)) throw invalidField('body', nulRefused);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be a password.
    throw notJson('it cannot be parsed');
  }
}

function notJson(why: string): ApiError {
  return invalidField('body', `The body must be JSON, and ${why}.`);
}

/**
 * The version that `If-Match` asks for (RFC 9110 section 13.1.1); undefined when any will do. A tag that is none of ours
 * matches no version.
 */
export function readIfMatch({ ifMatch }: Endpoint, headers: Headers): number | undefined {
  const given = ifMatch === undefined ? null : headers.get('if-match');
  if (given === null || given.trim() === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(given.trim())?.[1];
  return version === undefined ? noVersion : Number(version);
}

const noVersion = -1;
