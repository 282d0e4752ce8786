import type { Configuration } from '@pullgate/server';

/** What to tell of registries that rules are made for, and that the gate does not pull from. */
export function notPulledHint(registries: Iterable<string>, { upstreams }: Configuration): string | undefined {
  const unknown = [...registries].filter((registry) => !upstreams.has(registry));
  if (unknown.length === 0) return undefined;
  return `The gate does not pull from ${unknown.join(', ')} yet: that takes a line under upstreams in its configuration.`;
}
