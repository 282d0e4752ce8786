import type { Activity } from './activity.ts';

/**
 * What a change was from and to, and who made it from where, as texts by dotted names: `before.allow.community`. Docker
 * Hub's audit log tells everything about an event like this.
 */
export function detailsAsText({
  actor,
  address,
  before,
  after,
}: Pick<Activity, 'actor' | 'address' | 'before' | 'after'>): Readonly<Record<string, string>> {
  const { kind, via } = actor;
  return Object.fromEntries(flattened({ actor: { kind, via }, address, before, after }));
}

function flattened(value: unknown, name = ''): readonly (readonly [string, string])[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [[name, String(value)]];
  if (Array.isArray(value)) return [[name, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, member]) => flattened(member, name === '' ? key : `${name}.${key}`));
}
