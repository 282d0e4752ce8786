import { type ActivityFilter, type Installation, listActions } from '@pullgate/server';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { momentOption, requireSpan } from '../../moment.ts';

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
    .addOption(
      new Option('--action <action>', 'only this action and those that are part of it: org.member.add').argParser(
        parseAction,
      ),
    )
    .option('--name <name>', 'only what was done to this: a user name, a label, a namespace')
    .option('--actor <name>', 'only what this one did')
    .addOption(
      momentOption('--from <time>', 'only from then on: 2026-11-01, 2026-11-01T08:00:00Z, or 7d for a week ago'),
    )
    .addOption(momentOption('--to <time>', 'only until then'));
}

function parseAction(text: string): string {
  const known = Object.entries(listActions()).flatMap(([group, { actions }]) =>
    actions.map(({ name }) => `${group}.${name}`),
  );
  if (known.includes(text)) return text;
  throw new InvalidArgumentError('There is no such action. activity actions lists them.');
}

/** @throws NotFound when there is no such organization */
export async function filterOf(
  { administration }: Pick<Installation, 'administration'>,
  { org, action, name, actor, from, to }: FilterOptions,
): Promise<ActivityFilter> {
  requireSpan(from, to);
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
