import type { Installation, OrganizationAccount } from '@pullgate/server';
import { Failure, usage } from './failure.ts';
import type { Shell } from './shell.ts';

export const organizationOption = ['--org <name>', 'organization (may be left out when there is only one)'] as const;

/** The organization that is meant: the one named, or the only one. */
export async function chooseOrganization(
  { administration }: Pick<Installation, 'administration'>,
  name: string | undefined,
  { program }: Pick<Shell, 'program'>,
): Promise<OrganizationAccount> {
  if (name !== undefined) return administration.organizations.byName(name);
  const [only, ...others] = await administration.organizations.list();
  if (only === undefined) {
    throw new Failure(`There is no organization yet. Make the first one: ${program} init --org acme --owner alice`);
  }
  if (others.length === 0) return only;
  throw usage(`Say which organization, with --org: ${[only, ...others].map((one) => one.name).join(', ')}.`);
}
