import type { Event } from '../../../src/activity/delivery/target.ts';

export const now = 1_800_000_000_000;

export function event(number: number, document: Event['document'] = {}): Event {
  const sequence = number + 1;
  const id = `activity-${sequence}-0123456789abcdef`;
  return { id, type: 'org.member.add', at: now, document: { sequence, name: 'bob', ...document } };
}

export function events(count: number): Event[] {
  return Array.from({ length: count }, (_, index) => event(index));
}
