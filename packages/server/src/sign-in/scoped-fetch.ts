import { AsyncLocalStorage } from 'node:async_hooks';

export type Fetch = typeof globalThis.fetch;

const inForce = new AsyncLocalStorage<Fetch>();
let isInstalled = false;

/**
 * Runs work during which `fetch` means another one. The sign-in library calls the global one and lets nobody hand it
 * another, and what it calls must not lead into the operator's own network. Everywhere else nothing changes.
 */
export function withFetch<T>(fetch: Fetch, work: () => Promise<T>): Promise<T> {
  if (!isInstalled) {
    const everybodysFetch = globalThis.fetch;
    globalThis.fetch = (input, init) => (inForce.getStore() ?? everybodysFetch)(input, init);
    isInstalled = true;
  }
  return inForce.run(fetch, work);
}
