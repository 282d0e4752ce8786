import { createHash } from 'node:crypto';

/** What docs/activity.md tells a receiver to compute. */
export function hashOfLine(line: string): string {
  const { previous_hash, sequence, organization_id, action, actor, address, at, name, before, after } =
    JSON.parse(line);
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  const columns = [
    previous_hash,
    sequence,
    organization_id,
    action,
    JSON.stringify(actor),
    address,
    Date.parse(at),
    name,
    json(before),
    json(after),
  ];
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex');
}
