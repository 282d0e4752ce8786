const harmless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request comes from a page of the gate itself, or changes nothing. Cookies are sent along by pages of anybody;
 * browsers say which page it was, and do not let that page choose (https://fetch.spec.whatwg.org/#origin-header).
 */
export function isSameOrigin({ method, headers }: Pick<Request, 'method' | 'headers'>, origin: string): boolean {
  if (harmless.has(method.toUpperCase())) return true;
  const told = headers.get('origin');
  return told === null ? headers.get('sec-fetch-site') === 'same-origin' : told === origin;
}
