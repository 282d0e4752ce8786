import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access, Judgement, PullRequest } from '../access/access.ts';
import { sourceOf, TooManyRefusals } from '../access/access.ts';
import type { Caller } from '../access/caller.ts';
import type { Content } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import { type Answer, ociAnswer, send } from '../http/answer.ts';
import type { Handler } from '../http/listener.ts';
import { fromContentError, type OciErrorCode } from '../http/oci-error.ts';
import type { PublicAddress } from '../http/public-address.ts';
import { authorizationOf, type ClientFacts } from '../http/request.ts';
import { andThen, type Soon } from '../soon.ts';
import { answerBlob, answerManifest, answerReferrers, answerTags, type Served } from './answers.ts';
import { challenge } from './challenge.ts';
import { refusal } from './refusal.ts';
import { type ContentRoute, createRouteReader } from './route.ts';
import { stream } from './stream.ts';

export interface RegistryOptions {
  readonly access: Access;
  readonly identify: (token: string) => Soon<Caller | undefined>;
  readonly content: Content;
  readonly address: PublicAddress;
  readonly factsOf: (request: IncomingMessage) => ClientFacts;
  /** How long a decided request took, in seconds, to the end of its answer. */
  readonly onAnswered: (operation: ContentRoute['kind'], seconds: number) => void;
}

const notFoundCode: Readonly<Record<ContentRoute['kind'], OciErrorCode>> = {
  manifest: 'MANIFEST_UNKNOWN',
  blob: 'BLOB_UNKNOWN',
  tags: 'NAME_UNKNOWN',
  referrers: 'MANIFEST_UNKNOWN',
};

/**
 * The pull side of OCI distribution-spec 1.1. The order is the same on every route, for HEAD, ranges and cache hits
 * alike: parse, who, decide, fetch, record, answer.
 */
export function createRegistry(options: RegistryOptions): Handler {
  const { access, identify, content, address, factsOf, onAnswered } = options;
  const readRoute = createRouteReader(address);

  function who(request: IncomingMessage): Soon<Caller | 'nobody' | 'invalid'> {
    const authorization = authorizationOf(request);
    if (authorization === undefined) return 'nobody';
    if (authorization.scheme !== 'bearer') return 'invalid';
    return andThen(identify(authorization.value), (caller) => caller ?? 'invalid');
  }

  /** Why a caller is not let in yet, with the challenge that says how to get in. */
  function turnAway(request: IncomingMessage, caller: 'nobody' | 'invalid', name?: string): Answer {
    const details = name === undefined ? {} : { name };
    return caller === 'nobody'
      ? challenge(request, address, `Sign in first: docker login ${address.host}`, details)
      : challenge(request, address, `This sign-in is not valid any more: docker login ${address.host}`, {
          ...details,
          error: 'invalid_token',
        });
  }

  function judgedAnswer(
    request: IncomingMessage,
    response: ServerResponse,
    route: ContentRoute,
    judgement: Judgement,
  ): Soon<Served> {
    const { decision, caller } = judgement;
    if (decision.rule === 'sign-in-required') return { answer: turnAway(request, 'invalid', route.name) };
    if (decision.verdict === 'deny') return { answer: refusal(judgement, address) };
    if (!caller.scope.has(route.name)) {
      const message = `This token is not for ${route.name}.`;
      return { answer: challenge(request, address, message, { name: route.name, error: 'insufficient_scope' }) };
    }
    return fetch(request, response, route, judgement);
  }

  function fetch(
    request: IncomingMessage,
    response: ServerResponse,
    route: ContentRoute,
    judgement: Judgement,
  ): Soon<Served> {
    const source = sourceOf(judgement);
    switch (route.kind) {
      case 'manifest':
        return answerManifest(content, source, route.reference, request);
      case 'blob':
        return answerBlob(content, source, route.digest, request, signalOfEnd(response));
      case 'tags':
        return answerTags(content, source, route);
      case 'referrers':
        return answerReferrers(content, source, route);
    }
  }

  async function deliver(
    request: IncomingMessage,
    response: ServerResponse,
    route: ContentRoute,
    judgement: Judgement,
    arrived: number,
  ): Promise<void> {
    let served: Served;
    try {
      const soon = judgedAnswer(request, response, route, judgement);
      // A promise of what is at hand would cost every cached manifest another round of the queue.
      served = soon instanceof Promise ? await soon : soon;
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      served = { answer: ociAnswer(fromContentError(error, notFoundCode[route.kind])) };
    }
    if (served.body && needsHttp11(request, served.answer)) {
      void leave(served.body);
      served = { answer: lengthUnknown };
    }
    try {
      await access.record(judgement, requestOf(request, route, served, factsOf(request)));
    } catch (error) {
      void leave(served.body);
      if (!(error instanceof TooManyRefusals)) throw error;
      const { message, retryAfter } = error;
      return send(request, response, ociAnswer({ status: 429, code: 'TOOMANYREQUESTS', message, retryAfter }));
    }
    const answer = withNamespace(served.answer, route);
    if (served.body && request.method !== 'HEAD') await stream(response, answer, served.body);
    else send(request, response, answer);
    onAnswered(route.kind, (performance.now() - arrived) / 1000);
  }

  function serve(request: IncomingMessage, response: ServerResponse, route: ContentRoute): Soon<void> {
    const arrived = performance.now();
    return andThen(who(request), (caller) => {
      if (caller === 'nobody' || caller === 'invalid') {
        return send(request, response, turnAway(request, caller, route.name));
      }
      const delivered = (judgement: Judgement) => deliver(request, response, route, judgement, arrived);
      return andThen(access.judge(caller, route.repository), delivered);
    });
  }

  function answerBase(request: IncomingMessage, response: ServerResponse): Soon<void> {
    return andThen(who(request), (caller) => {
      const known = caller !== 'nobody' && caller !== 'invalid';
      send(request, response, known ? welcome : turnAway(request, caller));
    });
  }

  return (request, response) => {
    const route = readRoute(request.method ?? '', request.url ?? '', request.headers.host);
    switch (route.kind) {
      case 'malformed':
        return send(request, response, ociAnswer({ status: 400, code: route.code, message: route.message }));
      case 'catalog':
        return send(request, response, noCatalog);
      case 'unsupported-method':
        return send(request, response, noPush);
      case 'base':
        return answerBase(request, response);
      default:
        return serve(request, response, route);
    }
  };
}

/** Lets go of what nobody will get. Not to be waited for: it may itself have to wait, for the upstream's next chunk. */
async function leave(body: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  try {
    await body?.[Symbol.asyncIterator]().return?.();
  } catch {
    // It is over either way.
  }
}

/** In HTTP/1.0 an answer without a length ends with its connection, so what was cut off would look complete. */
function needsHttp11({ httpVersion }: IncomingMessage, { headers }: Answer): boolean {
  return httpVersion === '1.0' && !('Content-Length' in headers);
}

/** Aborts when the client left, or has everything. */
function signalOfEnd(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  if (response.destroyed) controller.abort();
  return controller.signal;
}

const lengthUnknown: Answer = ociAnswer({
  status: 505,
  code: 'UNSUPPORTED',
  message: 'How long this blob is will be known at its end. Ask with HTTP/1.1.',
});

const welcome: Answer = {
  status: 200,
  headers: { 'Content-Type': 'application/json', 'Docker-Distribution-Api-Version': 'registry/2.0' },
  body: '{}',
};

const noCatalog: Answer = ociAnswer(
  { status: 405, code: 'UNSUPPORTED', message: 'This gate has no catalog: it pulls what is asked for, by name.' },
  { Allow: '' },
);

const noPush: Answer = ociAnswer(
  { status: 405, code: 'UNSUPPORTED', message: 'This gate only serves pulls. Push to the registry itself.' },
  { Allow: 'GET, HEAD' },
);

function requestOf(request: IncomingMessage, route: ContentRoute, served: Served, facts: ClientFacts): PullRequest {
  const tag = route.kind === 'manifest' && 'tag' in route.reference ? route.reference.tag : undefined;
  const digest = route.kind === 'blob' || route.kind === 'referrers' ? route.digest : served.digest;
  const asked = route.kind === 'manifest' && 'digest' in route.reference ? route.reference.digest : digest;
  return {
    operation: route.kind,
    method: request.method ?? '',
    address: facts.address,
    client: facts.client,
    tag,
    digest: asked,
    stale: served.stale ?? false,
  };
}

/** A registry that heeds `ns` says which one it took (distribution-spec, Registry Proxying). */
function withNamespace(answer: Answer, route: ContentRoute): Answer {
  if (route.namespace === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'OCI-Namespace': route.namespace } };
}
