/** `2026-11-23 10:15:00` in UTC, as people compare it with other logs. */
export function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/** RFC 3339 in UTC, for JSON. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
