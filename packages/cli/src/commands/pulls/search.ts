import { type ImageKind, imageKinds } from '@pullgate/policy';
import type { Installation, PullRecord, PullScope, PullSearch } from '@pullgate/server';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { momentOption, requireSpan } from '../../moment.ts';

export interface SearchOptions {
  readonly org?: string;
  readonly person?: string;
  readonly image?: string;
  readonly category?: ImageKind;
  readonly verdict?: PullRecord['verdict'];
  readonly from?: number;
  readonly to?: number;
}

/** Adds what says which pulls. */
export function withSearch(command: Command): Command {
  return command
    .option('--org <name>', 'only what this organization decided (default: everything)')
    .option('--person <username>', "only this person's, or of an organization's tokens")
    .option('--image <text>', 'only repositories with this in their full name; "docker.io/acme/*" is how it begins')
    .addOption(new Option('--category <category>', 'only images of this category').choices(imageKinds))
    .addOption(verdictOption())
    .addOption(
      momentOption('--from <time>', 'only from then on: 2026-11-01, 2026-11-01T08:00:00Z, or 7d for a week ago'),
    )
    .addOption(momentOption('--to <time>', 'only until then'));
}

export function verdictOption(): Option {
  return new Option('--verdict <verdict>', 'only allow, or only refuse').argParser(parseVerdict);
}

/** Lines for people say `refuse`; records, and filters of the API, say `deny`. */
function parseVerdict(text: string): PullRecord['verdict'] {
  if (text === 'allow') return 'allow';
  if (text === 'deny' || text === 'refuse') return 'deny';
  throw new InvalidArgumentError('It is allow or refuse.');
}

/** @throws NotFound when there is no such organization */
export async function scopeOf({ administration }: Installation, org: string | undefined): Promise<PullScope> {
  if (org === undefined) return 'installation';
  const { id } = await administration.organizations.byName(org);
  return { organizationId: id };
}

export function searchOf({ person, image, category, verdict, from, to }: SearchOptions): PullSearch {
  requireSpan(from, to);
  return {
    ...(person === undefined ? {} : { person }),
    ...(image === undefined ? {} : { image }),
    ...(category === undefined ? {} : { category }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { until: to }),
  };
}
