import type { ContentErrorCode } from '../content/content-error.ts';

/** How a registry that the gate pulls from does. Times are milliseconds since 1970. */
export interface UpstreamState {
  readonly registry: string;
  /** By the newest answer; `unknown` until there is one. */
  readonly state: 'unknown' | 'up' | 'down';
  readonly lastSuccessAt: number | null;
  readonly lastFailureAt: number | null;
  /** What kind of failure it was, in words. */
  readonly lastError: string | null;
}

export interface UpstreamHealth {
  succeeded(registry: string): void;
  failed(registry: string, code: ContentErrorCode): void;
  states(): readonly UpstreamState[];
}

/** What is wrong with the registry itself. That it has not got what was asked for is an answer like any other. */
const failures: Readonly<Partial<Record<ContentErrorCode, string>>> = {
  'rate-limited': 'It asks to slow down: its pull limit is reached.',
  unavailable: 'It does not answer.',
  untrustworthy: 'It answers with what cannot be trusted.',
  'upstream-denied': 'It refuses the credential that the gate is configured with.',
};

/** @param onChange is told when a registry begins to fail, with the reason, and when it answers again. */
export function createUpstreamHealth(
  registries: Iterable<string>,
  now: () => number,
  onChange: (registry: string, failure: string | null) => void = () => undefined,
): UpstreamHealth {
  const states = new Map<string, UpstreamState>(
    [...registries].map((registry) => [
      registry,
      { registry, state: 'unknown', lastSuccessAt: null, lastFailureAt: null, lastError: null },
    ]),
  );

  function change(registry: string, change: Partial<UpstreamState>): void {
    const known = states.get(registry);
    if (known === undefined) return;
    const changed = { ...known, ...change };
    states.set(registry, changed);
    if (isDown(known) !== isDown(changed)) onChange(registry, isDown(changed) ? changed.lastError : null);
  }

  const succeeded = (registry: string): void => change(registry, { state: 'up', lastSuccessAt: now() });
  return {
    succeeded,
    failed(registry, code) {
      const lastError = failures[code];
      if (lastError === undefined) succeeded(registry);
      else change(registry, { state: 'down', lastFailureAt: now(), lastError });
    },
    states: () => [...states.values()],
  };
}

function isDown({ state }: UpstreamState): boolean {
  return state === 'down';
}
