import { ContentError } from '../content/content-error.ts';
import { discard, type HttpAnswer, type HttpClient, type HttpRequest } from './http-client.ts';

const redirects = new Set([301, 302, 303, 307, 308]);
const maxRedirects = 5;

/**
 * Sends a request and follows where the upstream redirects it. Off the first origin the `authorization` is dropped,
 * and stays dropped when a later redirect leads back: the target is then the choice of somebody else.
 */
export async function follow(client: HttpClient, request: HttpRequest, authorization?: string): Promise<HttpAnswer> {
  let { url } = request;
  let secret = authorization;
  for (let count = 0; ; count++) {
    const headers = secret === undefined ? request.headers : { ...request.headers, authorization: secret };
    const answer = await client.send({ ...request, url, headers });
    if (!redirects.has(answer.status)) return answer;
    await discard(answer);
    if (count === maxRedirects) throw new ContentError('untrustworthy', `${client.name} redirects too many times.`);
    url = target(client.name, answer);
    if (url.origin !== request.url.origin) secret = undefined;
  }
}

/** Targets are often signed, which makes them secrets: errors never repeat them, not even as a cause. */
function target(name: string, answer: HttpAnswer): URL {
  const { location } = answer.headers;
  const url = typeof location === 'string' ? URL.parse(location, answer.url.href) : null;
  if (url === null) throw new ContentError('untrustworthy', `${name} redirects to something that is not an address.`);
  return url;
}
