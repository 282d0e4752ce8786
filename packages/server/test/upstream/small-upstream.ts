import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { Digest } from '@pullgate/policy';
import { type SmallRegistry, type SmallRegistryOptions, startSmallRegistry } from '@pullgate/small-registry';
import { expect, onTestFinished } from 'vitest';
import type { Audience, Source } from '../../src/content/content.ts';
import { ContentError, type ContentErrorCode } from '../../src/content/content-error.ts';
import type { Soon } from '../../src/soon.ts';
import {
  createRegistryUpstream,
  type RegistryUpstream,
  type RegistryUpstreamOptions,
} from '../../src/upstream/registry-upstream.ts';

/** A password that must never turn up where it does not belong. */
export const canary = 'canary-7c1f0a';
export const robot = { username: 'robot', password: canary };

/** An upstream for a registry on the loopback interface, quick to give up. Closed at the end of the test. */
export function upstreamAt(url: string, options: Partial<RegistryUpstreamOptions> = {}): RegistryUpstream {
  const upstream = createRegistryUpstream({
    registry: 'registry.example',
    url,
    credentials: () => undefined,
    allowPrivateAddresses: true,
    allowHttp: true,
    retry: { attempts: 3, delayMs: 1, budgetMs: 10_000 },
    ...options,
  });
  onTestFinished(() => upstream.close());
  return upstream;
}

export async function smallRegistry(options: SmallRegistryOptions = {}): Promise<SmallRegistry> {
  const registry = await startSmallRegistry(options);
  onTestFinished(() => registry.close());
  return registry;
}

/** A server that answers as the test says, for what no registry should do. Gives its origin. */
export async function server(listener: RequestListener): Promise<string> {
  const listening = createServer(listener).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  onTestFinished(() => {
    listening.close();
    listening.closeAllConnections();
  });
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

export function source(path: string, audience: Audience = 'public'): Source {
  return { repository: { registry: 'registry.example', path, name: `registry.example/${path}` }, audience };
}

export function asDigest(text: string): Digest {
  return text as Digest;
}

/** The failure of a call, after a look for secrets in everything that a log could show of it. */
export async function failureOf(call: Soon<unknown>, code: ContentErrorCode): Promise<ContentError> {
  const failure = await Promise.resolve(call).then(
    (value) => expect.fail(`should have failed, but gave ${inspect(value)}`),
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ContentError);
  const error = failure as ContentError;
  expect({ code: error.code, message: error.message }).toMatchObject({ code });
  const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
  for (const secret of secrets) expect(shown).not.toContain(secret);
  // One sentence that fits into a reason phrase: printable ASCII without quotes and backslashes.
  expect(error.message).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{20,200}\.$/);
  return error;
}

const secrets = [canary, Buffer.from(`robot:${canary}`).toString('base64'), 'signature='];

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of chunks) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}

/** `METHOD /path` of each request. */
export function linesOf({ requests }: SmallRegistry): string[] {
  return requests.map(({ method, url }) => `${method} ${url.split('?', 1)[0]}`);
}
