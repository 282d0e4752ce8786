/** Milliseconds before its end in which a bearer is not used any more: a request takes time, and clocks differ. */
const margin = 30_000;

/** When a bearer ends, in milliseconds since 1970; undefined when it does not say so. */
export function endOf(bearer: string): number | undefined {
  try {
    const { exp }: { exp?: unknown } = JSON.parse(Buffer.from(bearer.split('.')[1] ?? '', 'base64url').toString());
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

export function hasEnded(bearer: string, now: number): boolean {
  const end = endOf(bearer);
  return end !== undefined && end - margin <= now;
}
