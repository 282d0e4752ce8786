import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Digest, defaultPolicy, isDigest } from '@pullgate/policy';
import { afterEach, describe, expect, it } from 'vitest';
import { createAccess } from '../../src/access/access.ts';
import { buildDirectory } from '../../src/access/build-directory.ts';
import { createIdentify } from '../../src/access/caller.ts';
import type { Content } from '../../src/content/content.ts';
import { ContentError } from '../../src/content/content-error.ts';
import { type Listener, listen } from '../../src/http/listener.ts';
import { createPublicAddress } from '../../src/http/public-address.ts';
import { JournalError } from '../../src/pulls/journal.ts';
import type { PullRecord } from '../../src/pulls/pull-record.ts';
import { createRegistry } from '../../src/registry/handler.ts';
import type { VerifiedToken } from '../../src/tokens/registry-token.ts';
import { directoryRows, organizationRow } from '../access/directory-rows.ts';

// The registry with everything real but the content and the journal, which fail here at will.

const digest = `sha256:${'a'.repeat(64)}`;
if (!isDigest(digest)) throw new Error('That is no digest.');

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Setting {
  readonly record?: (record: PullRecord) => Promise<void>;
  readonly content?: Partial<Content>;
  /** The `sub` of the token. */
  readonly holder?: string;
}

async function open({ record = async () => {}, content = {}, holder = 'pat' }: Setting) {
  const policy = { ...defaultPolicy, enabled: true };
  const current = buildDirectory(directoryRows({ organizations: [{ ...organizationRow('acme'), policy }] }));
  const directory = { current, reload: async () => {}, catchUp: async () => {} };
  const told: unknown[] = [];
  let ids = 0;
  const access = createAccess({
    directory,
    catalog: {
      categoryAtHand: () => undefined,
      categoryOf: ({ path }) => ({
        category: path.startsWith('library/') ? 'official' : 'community',
        source: 'operator',
        asOf: 0,
      }),
    },
    upstreams: new Set(['docker.io']),
    recorder: { record },
    newId: () => `id${++ids}`,
    onDecision: () => {},
    onUnrecorded: () => {},
    now: Date.now,
  });
  const scope = new Set(['library/alpine', 'evil/miner']);
  const tokens = {
    verify: async (token: string): Promise<VerifiedToken | undefined> =>
      token === 'good' ? { subject: holder, scope, expiresAt: Number.MAX_SAFE_INTEGER } : undefined,
    issue: notAsked,
    issueRefresh: notAsked,
    verifyRefresh: notAsked,
  };
  const listener: Listener = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    handle: createRegistry({
      access,
      identify: createIdentify(tokens, directory, Date.now),
      content: { ...nothing, ...content },
      address: createPublicAddress('http://gate.test', new Map()),
      factsOf: () => ({ address: '192.0.2.1', client: 'other' }),
      onAnswered: () => {},
    }),
    onUnexpected: (error) => told.push(error),
  });
  closing.push(() => listener.close(0));
  return {
    told,
    async ask(target: string, method = 'GET') {
      const headers = { authorization: 'Bearer good' };
      const asked = httpRequest({
        host: '127.0.0.1',
        port: listener.port,
        path: target,
        method,
        headers,
        agent: false,
      }).end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      const { statusCode: status, statusMessage: reason, headers: answered } = response;
      return { status, reason, retryAfter: answered['retry-after'], body: await text(response) };
    },
    /** Gives everything until the connection ends. */
    async askByHttp10(target: string) {
      const socket = connect(listener.port, '127.0.0.1');
      socket.write(`GET ${target} HTTP/1.0\r\nAuthorization: Bearer good\r\n\r\n`);
      return text(socket);
    },
  };
}

const notAsked = (): never => {
  throw new Error('The registry only verifies tokens.');
};

const missing = async (): Promise<never> => {
  throw new ContentError('not-found', 'docker.io has no such thing.');
};
const nothing: Content = {
  manifest: missing,
  describeManifest: missing,
  blob: missing,
  describeBlob: missing,
  tags: missing,
  referrers: missing,
};

const bytes = Buffer.from('{"schemaVersion":2}');
const description = {
  digest: digest as Digest,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  size: bytes.length,
  stale: false,
};

/** Content that tells whether somebody who began to read it has let it go. */
function everything() {
  const reads = { begun: 0, ended: 0 };
  async function* read(): AsyncGenerator<Uint8Array> {
    reads.begun++;
    try {
      yield Buffer.from('trade ');
      yield Buffer.from('secrets');
    } finally {
      reads.ended++;
    }
  }
  const content: Content = {
    manifest: async () => ({ ...description, bytes }),
    describeManifest: async () => description,
    blob: async () => ({ size: 13, read }),
    describeBlob: async () => 13,
    tags: async () => ({ tags: ['latest'], next: undefined }),
    referrers: async () => ({ bytes, filtered: false }),
  };
  return { content, reads };
}

const targets = [
  '/v2/library/alpine/manifests/latest',
  `/v2/library/alpine/manifests/${digest}`,
  `/v2/library/alpine/blobs/${digest}`,
  '/v2/library/alpine/tags/list',
  `/v2/library/alpine/referrers/${digest}`,
];

describe('a journal that takes nothing', () => {
  const record = async () => {
    throw new JournalError('Cannot record pulls in /data/journal: ENOSPC');
  };

  it.each([...targets, '/v2/evil/miner/manifests/latest', '/v2/quay.io/org/app/manifests/latest'])(
    'serves nothing, and says that it cannot: %s',
    async (target) => {
      const { content, reads } = everything();
      const gate = await open({ record, content });
      for (const method of ['GET', 'HEAD']) {
        const { status, reason, body } = await gate.ask(target, method);
        expect([status, reason]).toEqual([503, expect.stringMatching(/^The gate cannot decide at the moment/)]);
        expect(body).not.toMatch(/schemaVersion|trade|latest|journal|ENOSPC/);
      }
      expect(gate.told).toHaveLength(2);
      // A file that stays open would stay on the disk, too.
      expect(reads.ended).toBe(reads.begun);
    },
  );

  it('refuses at once, also when the upstream keeps everybody waiting', async () => {
    let gone: AbortSignal | undefined;
    const waiting: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: Buffer.from('first') }),
        return: () => new Promise(() => undefined),
      }),
    };
    const read = (_range: unknown, signal: AbortSignal | undefined) => {
      gone = signal;
      return waiting;
    };
    const gate = await open({ record, content: { blob: async () => ({ size: 10, read }) } });
    expect(await gate.ask(`/v2/library/alpine/blobs/${digest}`)).toMatchObject({ status: 503 });
    expect(gone?.aborted).toBe(true);
  });
});

describe('a record', () => {
  it.each(targets)('is written before anything is sent: %s', async (target) => {
    const written = Promise.withResolvers<PullRecord>();
    const held = Promise.withResolvers<void>();
    const record = (one: PullRecord) => {
      written.resolve(one);
      return held.promise;
    };
    const gate = await open({ record, content: everything().content });
    let answered = false;
    const asking = gate.ask(target).finally(() => {
      answered = true;
    });
    await written.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    held.resolve();
    expect((await asking).status).toBe(200);
  });

  it('is written for what the upstream fails at, as well', async () => {
    const records: PullRecord[] = [];
    const gate = await open({ record: async (one) => void records.push(one) });
    expect((await gate.ask(targets[0] ?? '')).status).toBe(404);
    expect(records).toEqual([
      expect.objectContaining({ verdict: 'allow', tag: 'latest', digest: null, person: 'alice' }),
    ]);
  });
});

describe('content', () => {
  it('is not asked for what is refused', async () => {
    let asked = 0;
    const counting = async (): Promise<never> => {
      asked++;
      return missing();
    };
    const content = {
      manifest: counting,
      describeManifest: counting,
      blob: counting,
      describeBlob: counting,
      tags: counting,
      referrers: counting,
    };
    const gate = await open({ content });
    for (const target of targets) {
      for (const method of ['GET', 'HEAD']) {
        expect((await gate.ask(target.replace('library/alpine', 'evil/miner'), method)).status).toBe(403);
        expect((await gate.ask(target.replace('library/alpine', 'library/busybox'), method)).status).toBe(401);
      }
    }
    expect(asked).toBe(0);
  });

  it.each([
    ['not-found', 404],
    ['rate-limited', 429],
    ['unavailable', 503],
    ['untrustworthy', 502],
    ['upstream-denied', 502],
  ] as const)('that is %s is answered with %i and its sentence', async (code, status) => {
    const fail = async (): Promise<never> => {
      throw new ContentError(code, 'docker.io said "no" \\ and\r\nmore.');
    };
    const gate = await open({ content: { manifest: fail, blob: fail } });
    for (const target of [targets[0] ?? '', targets[2] ?? '']) {
      const answer = await gate.ask(target);
      expect([answer.status, answer.reason]).toEqual([status, 'docker.io said no and more.']);
    }
    expect(gate.told).toEqual([]);
  });

  it('that fails in a way nobody foresaw is closed, and told', async () => {
    const gate = await open({
      content: {
        manifest: async () => {
          throw new TypeError('undefined is not a function');
        },
      },
    });
    expect((await gate.ask(targets[0] ?? '')).status).toBe(503);
    expect(gate.told).toEqual([expect.any(TypeError)]);
  });

  it('that breaks off in the middle breaks the connection', async () => {
    async function* read(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('trade ');
      throw new ContentError('untrustworthy', 'The bytes are wrong.');
    }
    for (const size of [13, undefined]) {
      const gate = await open({ content: { blob: async () => ({ size, read }) } });
      await expect(gate.ask(targets[2] ?? '')).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    }
  });

  it('of unknown length is for HTTP/1.1: in HTTP/1.0, what is cut off looks complete', async () => {
    const records: PullRecord[] = [];
    const { content, reads } = everything();
    const blob: Content['blob'] = async (...asked) => ({ ...(await content.blob(...asked)), size: undefined });
    const gate = await open({ content: { blob }, record: async (one) => void records.push(one) });
    const target = `/v2/library/alpine/blobs/${digest}`;
    expect(await gate.askByHttp10(target)).toMatch(/^HTTP\/1\.1 505 How long this blob is[\s\S]*UNSUPPORTED/);
    expect((await gate.ask(target)).body).toBe('trade secrets');
    expect(records).toHaveLength(2);
    expect(reads).toEqual({ begun: 2, ended: 2 });
  });

  it('of known length is for HTTP/1.0 too', async () => {
    const gate = await open({ content: everything().content });
    expect(await gate.askByHttp10(`/v2/library/alpine/blobs/${digest}`)).toMatch(
      /^HTTP\/1\.1 200 [\s\S]*trade secrets$/,
    );
  });
});

describe('refusals without a sign-in', () => {
  it('are told only so often, and then when to come back', async () => {
    const records: PullRecord[] = [];
    const gate = await open({ record: async (one) => void records.push(one), holder: 'anonymous' });
    const statuses: (number | undefined)[] = [];
    for (let count = 0; count < 61; count++) statuses.push((await gate.ask('/v2/evil/miner/tags/list')).status);
    expect(new Set(statuses.slice(0, 60))).toEqual(new Set([401]));
    expect(statuses[60]).toBe(429);
    const { status, retryAfter, body } = await gate.ask('/v2/evil/miner/tags/list');
    expect([status, JSON.parse(body).errors[0].code]).toEqual([429, 'TOOMANYREQUESTS']);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    expect(records).toHaveLength(60);
  });
});
