import type { RepositoryBody, TagBody, WholeRepositoryBody } from '@pullgate/contract';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { HubPage, HubPageQuery, HubRepositories } from '../catalog/hub-repositories.ts';
import type { Audience } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import type { UpstreamCredential } from './authorization.ts';
import {
  createHttpClient,
  defaultHttpLimits,
  discard,
  type HttpAnswer,
  type HttpLimits,
  readBody,
} from './http-client.ts';
import { retryAfterSeconds } from './http-failure.ts';

export interface HubRepositoriesOptions {
  /** The origin of Docker Hub's API, `https://hub.docker.com`. */
  readonly url: string;
  readonly allowPrivateAddresses: boolean;
  readonly allowHttp: boolean;
  /** Asked for each request, so that a changed credential counts at once. */
  readonly credentials: (audience: Audience) => UpstreamCredential | undefined;
  readonly limits?: Partial<HttpLimits>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const hubLimits: HttpLimits = { ...defaultHttpLimits, connections: 4, exchangeMs: 15_000 };
/** A page of 100 repositories or tags, with their descriptions and platforms. */
const maxAnswerBytes = 8 * 1024 * 1024;
/** Docker Hub's bearers live for ten minutes. */
const bearerMs = 8 * 60_000;
const maxBearers = 100;

/** Asks Docker Hub's own API, signed in where the organization has a credential for it. */
export function createHubRepositories(options: HubRepositoriesOptions): HubRepositories & { close(): Promise<void> } {
  const { credentials, now } = options;
  const hub = new URL(options.url);
  const name = hub.host;
  const client = createHttpClient({ ...options, name, limits: { ...hubLimits, ...options.limits } });
  /** By the credential, so that another one gets another bearer. */
  const bearers = new LRUCache<string, { readonly header: string; readonly until: number }>({ max: maxBearers });

  async function bearerFor(audience: Audience, signal: AbortSignal): Promise<string | undefined> {
    const credential = audience === 'public' ? undefined : credentials(audience);
    if (credential === undefined) return undefined;
    const key = JSON.stringify([credential.username, credential.password]);
    const known = bearers.get(key);
    if (known && now() < known.until) return known.header;
    const answer = await client.send({
      method: 'POST',
      url: new URL('/v2/auth/token', hub),
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ identifier: credential.username, secret: credential.password }),
      signal,
    });
    if (answer.status !== 200) {
      await discard(answer);
      throw failure(answer);
    }
    const { access_token } = parse(tokenAnswer, await readBody(name, answer, maxAnswerBytes));
    const header = `Bearer ${access_token}`;
    bearers.set(key, { header, until: now() + bearerMs });
    return header;
  }

  function get<S extends z.ZodType>(
    audience: Audience,
    path: readonly string[],
    query: Readonly<Record<string, string | number>>,
    schema: S,
  ): Promise<z.output<S>> {
    return client.withDeadline(async (signal) => {
      const authorization = await bearerFor(audience, signal);
      const url = new URL(`/v2/namespaces/${path.map(encodeURIComponent).join('/')}`, hub);
      for (const [key, value] of Object.entries(query)) url.searchParams.set(key, String(value));
      const headers = { accept: 'application/json', ...(authorization !== undefined && { authorization }) };
      const answer = await client.send({ method: 'GET', url, headers, signal });
      if (answer.status === 200) return parse(schema, await readBody(name, answer, maxAnswerBytes));
      await discard(answer);
      throw failure(answer);
    });
  }

  function failure({ status, headers }: HttpAnswer): ContentError {
    if (status === 404 || status === 403) return new ContentError('not-found', `${name} has nothing like that.`);
    if (status === 401) return new ContentError('upstream-denied', `${name} refuses the organization's credential.`);
    const retryAfter = retryAfterSeconds(headers['retry-after'], now());
    if (status === 429) return new ContentError('rate-limited', `${name} asks to slow down.`, { retryAfter });
    return new ContentError('unavailable', `${name} failed (${status}).`, { retryAfter });
  }

  function parse<S extends z.ZodType>(schema: S, body: Buffer): z.output<S> {
    try {
      return schema.parse(JSON.parse(body.toString()));
    } catch {
      // The parser's message quotes the text, which is not ours to tell.
      throw new ContentError('untrustworthy', `${name} answered with something that cannot be read.`);
    }
  }

  return {
    list: async (audience, namespace, query) =>
      pageOf(await get(audience, [namespace, 'repositories'], asked(query), pages(listed))),
    find: (audience, namespace, repository) => get(audience, [namespace, 'repositories', repository], {}, whole),
    tags: async (audience, namespace, repository, query) =>
      pageOf(await get(audience, [namespace, 'repositories', repository, 'tags'], asked(query), pages(tag))),
    tag: (audience, namespace, repository, wanted) =>
      get(audience, [namespace, 'repositories', repository, 'tags', wanted], {}, tag),
    close: client.close,
  };
}

function asked(query: HubPageQuery): Readonly<Record<string, string | number>> {
  return { ...query };
}

function pageOf<Item>({ count, results }: { count: number; results: Item[] }): HubPage<Item> {
  return { items: results, total: count };
}

// What Docker Hub leaves out, or writes otherwise than its document says, gets the value that means nothing.

const tokenAnswer = z.object({ access_token: z.string().regex(/^[\x21-\x7e]{1,16384}$/) });
const text = z.string().catch('');
const textOrNull = z.string().nullable().catch(null);
const number = z.int().catch(0);
const flag = z.boolean().catch(false);
const time = z.iso.datetime().nullable().catch(null);
const texts = z.array(z.string()).catch([]);

const listedShape = {
  name: z.string(),
  namespace: z.string(),
  repository_type: textOrNull,
  status: number,
  status_description: text,
  description: text,
  is_private: flag,
  star_count: number,
  pull_count: number,
  last_updated: time,
  last_modified: time,
  date_registered: time,
  affiliation: text,
  media_types: texts,
  content_types: texts,
  categories: z.array(z.object({ name: z.string(), slug: z.string() })).catch([]),
  storage_size: z.int().nullable().catch(null),
};
const listed = z.looseObject(listedShape) satisfies z.ZodType<RepositoryBody>;

/** The gate only pulls, whatever the credential may do. */
const permissions = z
  .unknown()
  .optional()
  .transform(() => ({ read: true, write: false, admin: false }));

const whole = z.looseObject({
  ...listedShape,
  user: text,
  hub_user: text,
  is_automated: flag,
  collaborator_count: number,
  has_starred: flag,
  full_description: textOrNull,
  permissions,
  immutable_tags_settings: z.object({ enabled: flag, rules: texts }).catch({ enabled: false, rules: [] }),
  source: textOrNull,
}) satisfies z.ZodType<WholeRepositoryBody>;

const image = z.looseObject({
  architecture: text,
  features: textOrNull,
  variant: textOrNull,
  digest: textOrNull,
  os: text,
  os_features: textOrNull,
  os_version: textOrNull,
  size: number,
  status: text,
  last_pulled: time,
  last_pushed: time,
});

const tag = z.looseObject({
  id: number,
  name: z.string(),
  repository: number,
  creator: number,
  last_updater: z.int().nullable().catch(null),
  last_updater_username: textOrNull,
  last_updated: time,
  full_size: number,
  v2: z.boolean().catch(true),
  tag_status: text,
  status: text,
  tag_last_pulled: time,
  tag_last_pushed: time,
  media_type: text,
  content_type: text,
  digest: text,
  image_id: textOrNull,
  images: z.array(image).catch([]),
}) satisfies z.ZodType<TagBody>;

function pages<Item extends z.ZodType>(item: Item) {
  return z.object({ count: z.int(), results: z.array(item) });
}
