/** `<address>; parameter; …` of RFC 8288. An address holds no `>`. */
const links = /<([^>]*)>([^,]*)/g;
const isNext = /;\s*rel\s*=\s*"?next"?\s*(?:;|$)/i;
const maxLength = 8 * 1024;

/** The query of a `Link` header's `rel="next"`. All else of that address is not the upstream's to choose. */
export function nextPageQuery(header: string | string[] | undefined): URLSearchParams | undefined {
  const text = String(header ?? '');
  if (text.length > maxLength) return undefined;
  for (const [, address = '', parameters = ''] of text.matchAll(links)) {
    if (isNext.test(parameters)) return URL.parse(address, 'http://registry.invalid')?.searchParams;
  }
  return undefined;
}
