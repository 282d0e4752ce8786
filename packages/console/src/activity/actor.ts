import type { ActivityBody } from '@pullgate/contract';

const kinds: Readonly<Record<ActivityBody['actor']['kind'], string>> = {
  person: 'person',
  'organization-token': 'organization access token',
  provisioning: 'provisioning',
  system: 'part of the gate',
  'command-line': 'command line',
};

/** Who did it, for a list: what is no person is told as what it is. */
export function actorName({ actor: { kind, name } }: ActivityBody): string {
  return kind === 'person' ? name : `${name} (${kinds[kind]})`;
}
