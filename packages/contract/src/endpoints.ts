import { activityEndpoints } from './activity.ts';
import { auditLogEndpoints } from './audit-logs.ts';
import { catalogEndpoints } from './catalog.ts';
import { domainEndpoints } from './domains.ts';
import type { Endpoint } from './endpoint.ts';
import { groupEndpoints } from './groups.ts';
import { imageAccessEndpoints } from './image-access.ts';
import { imageAccessVersionEndpoints } from './image-access-versions.ts';
import { inviteEndpoints } from './invites.ts';
import { memberTokenEndpoints } from './member-tokens.ts';
import { memberEndpoints } from './members.ts';
import { namespaceEndpoints } from './namespaces.ts';
import { organizationTokenEndpoints } from './organization-tokens.ts';
import { organizationEndpoints } from './organizations.ts';
import { peopleEndpoints } from './people.ts';
import { personalTokenEndpoints } from './personal-tokens.ts';
import { pullEndpoints } from './pulls.ts';
import { registryAccessEndpoints } from './registry-access.ts';
import { repositoryEndpoints } from './repositories.ts';
import { scimEndpoints } from './scim.ts';
import { sessionEndpoints } from './sessions.ts';
import { setUpEndpoints } from './set-up.ts';
import { settingsEndpoints } from './settings.ts';
import { signInEndpoints } from './sign-in.ts';
import { signInEnforcementEndpoints } from './sign-in-enforcement.ts';
import { connectionEndpoints } from './single-sign-on.ts';

/**
 * The one table. A path that two lines could take is taken by the first: `/members/export` stands before
 * `/members/{username}`.
 */
export const endpoints = [
  ...signInEndpoints,
  ...peopleEndpoints,
  ...sessionEndpoints,
  ...personalTokenEndpoints,
  ...organizationEndpoints,
  ...settingsEndpoints,
  ...imageAccessEndpoints,
  ...imageAccessVersionEndpoints,
  ...registryAccessEndpoints,
  ...memberEndpoints,
  ...inviteEndpoints,
  ...groupEndpoints,
  ...organizationTokenEndpoints,
  ...memberTokenEndpoints,
  ...namespaceEndpoints,
  ...pullEndpoints,
  ...auditLogEndpoints,
  ...activityEndpoints,
  ...signInEnforcementEndpoints,
  ...connectionEndpoints,
  ...domainEndpoints,
  ...scimEndpoints,
  ...repositoryEndpoints,
  ...catalogEndpoints,
  ...setUpEndpoints,
] as const satisfies readonly Endpoint[];

type Table = (typeof endpoints)[number];

type ByName = { readonly [E in Table as E['name']]: E };

export type EndpointName = keyof ByName;

/** The line of the table with that name. */
export type EndpointNamed<Name extends EndpointName> = ByName[Name];

/** The table by names. */
export const endpointsByName = Object.fromEntries(endpoints.map((endpoint) => [endpoint.name, endpoint])) as ByName;
