import type { OrganizationBody, OwnOrganizationBody } from '@pullgate/contract';
import type { Administration } from '../administration.ts';
import type { OrganizationAccount, OwnOrganization } from '../organizations/organizations.ts';
import { type Handlers, pageBody } from './call.ts';
import { defined } from './defined.ts';
import { pageOfAll } from './paging.ts';
import { profileBody, shownRole } from './profile.ts';

export function organizationHandlers({ administration }: { readonly administration: Administration }) {
  const { organizations, members, people } = administration;
  return {
    async listOrganizations(call) {
      return pageBody(call, pageOfAll(await organizations.list(), call.query), organizationBody);
    },

    async createOrganization({ caller, body: { orgname: name, full_name: fullName, owner }, actor }) {
      const by = await actor();
      // Asked for first: an organization without an owner could be entered by nobody.
      const { username } = await people.byUsername(owner ?? caller.person.username);
      const organization = await organizations.create({ name, ...defined({ fullName }) }, by);
      await members.add(name, { username, role: 'owner' }, by);
      return organizationBody(organization);
    },

    async getOrganization({ organization }) {
      return organizationBody(await organizations.byName(organization.name));
    },

    async updateOrganization({ organization, body: { full_name: fullName, location, company }, actor }) {
      const profile = defined({ fullName, location, company });
      return organizationBody(await organizations.updateProfile(organization.name, profile, await actor()));
    },

    async getSignInEnforcement({ organization }) {
      const { enforceSignIn } = await organizations.byName(organization.name);
      return { enforce: enforceSignIn };
    },

    async setSignInEnforcement({ organization, body: { enforce }, actor }) {
      await organizations.setEnforceSignIn(organization.name, enforce, await actor());
      return { enforce };
    },
  } satisfies Partial<Handlers>;
}

function organizationBody(organization: OrganizationAccount): OrganizationBody {
  const { name: orgname, fullName } = organization;
  return { ...profileBody(organization, fullName), orgname, type: 'Organization', badge: '', is_active: true };
}

export function ownOrganizationBody(
  { organization, role, teams }: OwnOrganization,
  teamCount: number,
): OwnOrganizationBody {
  return {
    ...organizationBody(organization),
    user_role: shownRole(role),
    user_groups: [...teams],
    org_groups_count: teamCount,
    plan_name: null,
    parent_name: null,
  };
}
