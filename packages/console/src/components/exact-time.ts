const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

/** A time in the viewer's zone, to the second, with the zone. @param value RFC 3339 */
export function exactTime(value: string): string {
  return exact.format(new Date(value));
}
