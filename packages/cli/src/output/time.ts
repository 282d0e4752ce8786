/** `2026-11-23 10:15:00Z`, as people compare it with other logs. The Z says that it is UTC. */
export function timeOf(milliseconds: number): string {
  return new Date(milliseconds)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

/** RFC 3339 in UTC, for JSON. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
