import type { Permission } from './permission.ts';

const people: Readonly<Record<Permission['who'], string>> = {
  everybody: 'Everybody, also without signing in.',
  person: 'Whoever is signed in, for what is their own.',
  member: 'Members of the organization.',
  owner: 'Owners of the organization.',
  administrator: 'Administrators of the installation.',
  provisioning: 'An identity provider with its SCIM token.',
};

/** Who may call an endpoint and with what, in sentences. */
export function describePermission({ who, personalToken, organizationToken }: Permission): string {
  if (who === 'everybody' || who === 'provisioning') return people[who];
  return [people[who], describePersonal(personalToken), describeOrganization(organizationToken)].join(' ');
}

function describePersonal(scope: Permission['personalToken']): string {
  return scope === undefined
    ? 'It needs a sign-in by password, passkey or single sign-on: signed in with a personal access token, it is refused.'
    : `Signed in with a personal access token, that needs the scope \`${scope}\` or a wider one.`;
}

function describeOrganization(scope: Permission['organizationToken']): string {
  if (scope === undefined) return 'Organization access tokens are refused.';
  return scope === 'any'
    ? 'Organization access tokens may call it.'
    : `An organization access token needs the scope \`${scope}\` or a wider one.`;
}
