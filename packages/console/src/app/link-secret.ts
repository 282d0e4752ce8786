let taken: string | undefined;

/**
 * The secret of a link, which stands behind its `#`: that part is sent to no server and in no Referer. It is taken out of
 * the address, so that it is not in the history either, and kept for as long as the page is open.
 */
export function takeSecret(): string | undefined {
  const secret = location.hash.slice(1);
  if (secret !== '') {
    taken = secret;
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return taken;
}
