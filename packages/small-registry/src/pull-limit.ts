import { type Answer, registryError, type SmallRequest } from './answer.ts';

export interface PullLimitOptions {
  /** Manifest GETs until 429, for good. HEAD is free. */
  readonly pulls: number;
}

/** Docker Hub's six hours, in the form of the headers. */
const window = 'w=21600';

export type PullLimit = (request: SmallRequest, respond: () => Answer) => Answer;

/** Docker Hub's pull limit: HEAD of a manifest is free, GET is counted, and both tell what is left. */
export function createPullLimit(options: PullLimitOptions | undefined): PullLimit {
  if (options === undefined) return (_request, respond) => respond();
  let remaining = options.pulls;
  return (request, respond) => {
    const counts = request.method === 'GET';
    if (counts && remaining === 0) {
      return registryError(429, 'TOOMANYREQUESTS', 'You have reached your pull rate limit.', { 'Retry-After': '60' });
    }
    if (counts) remaining -= 1;
    const right = respond();
    const limits = { 'RateLimit-Limit': `${options.pulls};${window}`, 'RateLimit-Remaining': `${remaining};${window}` };
    return { ...right, headers: { ...right.headers, ...limits } };
  };
}
