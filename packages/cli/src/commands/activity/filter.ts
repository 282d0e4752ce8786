import type { ActivityFilter, Installation } from '@pullgate/server';
import type { Command } from 'commander';
import { momentOption } from '../../moment.ts';

export interface FilterOptions {
  readonly org?: string;
  readonly action?: string;
  readonly name?: string;
  readonly actor?: string;
  readonly from?: number;
  readonly to?: number;
}

/** Adds what narrows the activity down. */
export function withFilters(command: Command): Command {
  return command
    .option('--org <name>', 'only of this organization (default: everything)')
    .option('--action <action>', 'only this action and those that are part of it: org.member.add')
    .option('--name <name>', 'only what was done to this: a user name, a label, a namespace')
    .option('--actor <name>', 'only what this one did')
    .addOption(
      momentOption('--from <time>', 'only from then on: 2026-11-01, 2026-11-01T08:00:00Z, or 7d for a week ago'),
    )
    .addOption(momentOption('--to <time>', 'only until then'));
}

/** @throws NotFound when there is no such organization */
export async function filterOf(
  { administration }: Pick<Installation, 'administration'>,
  { org, action, name, actor, from, to }: FilterOptions,
): Promise<ActivityFilter> {
  const organization = org === undefined ? undefined : await administration.organizations.byName(org);
  return {
    ...(organization === undefined ? {} : { organizationId: organization.id }),
    ...(action === undefined ? {} : { action }),
    ...(name === undefined ? {} : { subject: name }),
    ...(actor === undefined ? {} : { actor }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
