/**
 * Reduces a text to what every client shows unescaped: printable ASCII (0x20-0x7E) in one line, without quotes and
 * backslashes. For reason phrases, where Node refuses anything beyond Latin-1 and a line break would forge a header.
 */
export function printable(text: string): string {
  return text
    .replace(/["'\\]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/[^ -~]/gu, '?')
    .trim();
}

/** Shortens a text to at most `max` (at least 3) characters by leaving out its middle: both ends of an image name tell something. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = max - 3;
  const head = Math.ceil(kept / 2);
  return `${text.slice(0, head)}...${text.slice(text.length - (kept - head))}`;
}
