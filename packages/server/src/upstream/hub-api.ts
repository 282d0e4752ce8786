import type { BadgeAnswer, BadgeCategory, BadgeSource } from '../catalog/badge-source.ts';
import { ContentError } from '../content/content-error.ts';
import {
  createHttpClient,
  defaultHttpLimits,
  discard,
  type HttpAnswer,
  type HttpLimits,
  readBody,
} from './http-client.ts';
import { retryAfterSeconds } from './http-failure.ts';

export interface HubApiOptions {
  /** The origin of Docker Hub's API, `https://hub.docker.com`. */
  readonly url: string;
  readonly allowPrivateAddresses: boolean;
  readonly allowHttp: boolean;
  readonly limits?: Partial<HttpLimits>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface HubApi extends BadgeSource {
  close(): Promise<void>;
}

/** Two at a time: Docker Hub limits anonymous callers to a few requests per second. */
const hubLimits: HttpLimits = { ...defaultHttpLimits, connections: 2, exchangeMs: 10_000 };
const maxAnswerBytes = 64 * 1024;

/** Looks up what Docker Hub calls a namespace: `GET /v2/orgs/{namespace}/`, whose answer has the `badge`. */
export function createHubApi(options: HubApiOptions): HubApi {
  const hub = new URL(options.url);
  const name = hub.host;
  const client = createHttpClient({ ...options, name, limits: { ...hubLimits, ...options.limits } });
  const now = options.now ?? Date.now;

  async function look(namespace: string, signal: AbortSignal): Promise<BadgeAnswer> {
    const url = new URL(`/v2/orgs/${encodeURIComponent(namespace)}/`, hub);
    const ask = (address: URL): Promise<HttpAnswer> =>
      client.send({ method: 'GET', url: address, headers: { accept: 'application/json' }, signal });

    let answer = await ask(url);
    let target = redirectTarget(answer);
    if (target !== undefined && isSamePath(target, url)) {
      await discard(answer);
      answer = await ask(target);
      target = redirectTarget(answer);
    }
    if (answer.status === 200) return readBadge(await readBody(name, answer, maxAnswerBytes), namespace);
    await discard(answer);
    // A person's namespace is no organization, and has no badge.
    if (target !== undefined && isSamePath(target, new URL(url.pathname.replace('/orgs/', '/users/'), hub))) {
      return community;
    }
    return notTold(answer, now());
  }

  return {
    async badgeOf(namespace) {
      try {
        return await client.withDeadline((signal) => look(namespace, signal));
      } catch (error) {
        if (!(error instanceof ContentError)) throw error;
        return failed(error.code === 'untrustworthy' ? 'untrustworthy' : 'unavailable');
      }
    },
    close: client.close,
  };
}

const community: BadgeAnswer = { known: true, category: 'community' };

function failed(reason: 'unavailable' | 'untrustworthy'): BadgeAnswer {
  return { known: false, reason, retryAfter: undefined };
}

function notTold({ status, headers }: HttpAnswer, now: number): BadgeAnswer {
  if (status === 404) return community;
  if (status === 429) {
    return { known: false, reason: 'rate-limited', retryAfter: retryAfterSeconds(headers['retry-after'], now) };
  }
  return failed(status >= 300 && status < 400 ? 'untrustworthy' : 'unavailable');
}

function redirectTarget({ status, headers, url }: HttpAnswer): URL | undefined {
  const { location } = headers;
  if (status < 300 || status >= 400 || typeof location !== 'string') return undefined;
  return URL.parse(location, url.href) ?? undefined;
}

/** On the same origin, and the same but for a slash at the end, which is all that a redirect may change. */
function isSamePath(target: URL, url: URL): boolean {
  const bare = (path: string): string => path.replace(/\/$/, '');
  return target.origin === url.origin && bare(target.pathname) === bare(url.pathname) && target.username === '';
}

/** Badges that are not among them, such as none at all, mean nothing to the policy. */
const categories: Readonly<Record<string, BadgeCategory>> = {
  verified_publisher: 'verified-publisher',
  open_source: 'sponsored-oss',
};

function readBadge(body: Buffer, namespace: string): BadgeAnswer {
  const { orgname, badge } = parseObject(body);
  // An answer about another organization, or without the field that was asked for, says nothing.
  const isAbout = typeof orgname === 'string' && orgname.toLowerCase() === namespace.toLowerCase();
  if (!isAbout || (typeof badge !== 'string' && badge !== null)) return failed('untrustworthy');
  const category = badge !== null && Object.hasOwn(categories, badge) ? categories[badge] : undefined;
  return { known: true, category: category ?? 'community' };
}

function parseObject(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
