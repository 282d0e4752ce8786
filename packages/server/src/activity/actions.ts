interface Named {
  /** For a list to choose from. */
  readonly label: string;
  /** One sentence. */
  readonly description: string;
  /** A broader action: whoever filters by that one sees this as well. */
  readonly partOf?: 'org.settings.update';
}

interface Group {
  readonly label: string;
  readonly actions: Readonly<Record<string, Named>>;
}

/**
 * Every action that the activity knows, by group and name; on the wire they are joined by a dot. Docker Hub's own names
 * where it has one for the event, for scripts filter by them. The type `Action` comes from here.
 */
export const actionGroups = {
  org: {
    label: 'Organization',
    actions: {
      create: { label: 'Organization Created', description: 'An organization was created.' },
      'settings.update': { label: 'Settings Updated', description: 'Settings of the organization were changed.' },
      'home.update': {
        label: 'Home Organization Updated',
        description: 'The organization became the one whose policy judges pulls of nobody signed in.',
        partOf: 'org.settings.update',
      },
      'registry_access.enabled': {
        label: 'Registry Access Enabled',
        description: 'Registry access management was switched on.',
      },
      'registry_access.disabled': {
        label: 'Registry Access Disabled',
        description: 'Registry access management was switched off.',
      },
      'registry_access.registry_added': {
        label: 'Registry Access Registry Added',
        description: 'A registry was added to those that members may use.',
      },
      'registry_access.registry_updated': {
        label: 'Registry Access Registry Updated',
        description: 'The address or the name of a registry was written in another way.',
      },
      'registry_access.registry_removed': {
        label: 'Registry Access Registry Removed',
        description: 'A registry was removed from those that members may use.',
      },
      'member.add': { label: 'Organization Member Added', description: 'A person became a member.' },
      'member.remove': { label: 'Organization Member Removed', description: 'A member was removed.' },
      'member.role.change': { label: 'Member Role Changed', description: "A member's role was changed." },
      'member.invite.send': { label: 'Organization Member Invited', description: 'A person was invited.' },
      'member.invite.cancel': { label: 'Invitation Cancelled', description: 'An invitation was withdrawn.' },
      'team.create': { label: 'Team Created', description: 'A team was created.' },
      'team.update': { label: 'Team Updated', description: 'The name or description of a team was changed.' },
      'team.delete': { label: 'Team Deleted', description: 'A team was deleted.' },
      'team.member.add': { label: 'Team Member Added', description: 'A member was added to a team.' },
      'team.member.remove': { label: 'Team Member Removed', description: 'A member was removed from a team.' },
      'domain.create': { label: 'Domain Added', description: 'An e-mail domain was added.' },
      'domain.verify': {
        label: 'Domain Verified',
        description: "It was proved that a domain is the organization's own.",
      },
      'domain.delete': { label: 'Domain Deleted', description: 'An e-mail domain was removed.' },
      'access_token.create': {
        label: 'Access Token Created',
        description: 'An organization access token was created.',
      },
      'access_token.update': {
        label: 'Access Token Updated',
        description: 'An organization access token was changed.',
      },
      'access_token.delete': {
        label: 'Access Token Deleted',
        description: 'An organization access token was deleted.',
      },
    },
  },
  enterprise: {
    label: 'Enterprise',
    actions: {
      'sso.connection.create': {
        label: 'Single Sign-on Connection Created',
        description: 'A single sign-on connection was created.',
      },
      'sso.connection.update': {
        label: 'Single Sign-on Connection Updated',
        description: 'A single sign-on connection was changed.',
      },
      'sso.connection.delete': {
        label: 'Single Sign-on Connection Deleted',
        description: 'A single sign-on connection was deleted.',
      },
      'sso.connection.enforcement_toggle': {
        label: 'Single Sign-on Enforcement Toggled',
        description: 'Whether people of its domains must use a connection was switched on or off.',
      },
      'sso.connection.jit_toggle': {
        label: 'Just-in-time Provisioning Toggled',
        description: 'Whether whoever signs in by a connection becomes a member was switched on or off.',
      },
      'sso.connection.scim_toggle': {
        label: 'SCIM Toggled',
        description: 'Provisioning by a connection was switched on or off: it has a token, or none any more.',
      },
      'sso.connection.scim_token_refresh': {
        label: 'SCIM Token Refreshed',
        description: 'A new token for provisioning replaced the one before.',
      },
    },
  },
  image_access: {
    label: 'Image Access',
    actions: {
      update: {
        label: 'Image Access Updated',
        description: 'The image access policy was changed.',
        partOf: 'org.settings.update',
      },
    },
  },
  person: {
    label: 'Person',
    actions: {
      create: { label: 'Person Created', description: 'A person became known to this installation.' },
      update: { label: 'Person Updated', description: 'A person was changed, or switched on or off.' },
    },
  },
  pat: {
    label: 'Personal Access Token',
    actions: {
      create: { label: 'Personal Access Token Created', description: 'A personal access token was created.' },
      update: { label: 'Personal Access Token Updated', description: 'A personal access token was changed.' },
      delete: { label: 'Personal Access Token Deleted', description: 'A personal access token was deleted.' },
    },
  },
  sign_in: {
    label: 'Sign-in',
    actions: {
      update: {
        label: 'Sign-in Enforcement Updated',
        description: 'Whether pulls need a sign-in was changed.',
        partOf: 'org.settings.update',
      },
      success: { label: 'Signed In', description: 'A person signed in.' },
      failure: {
        label: 'Sign-in Failed',
        description: 'A password, code or sign-in at an identity provider was refused.',
      },
      limit: { label: 'Sign-in Limited', description: 'There were too many wrong tries for an account.' },
      end: { label: 'Signed Out', description: 'A person signed out.' },
      'session.revoke': { label: 'Session Revoked', description: 'A session was ended from elsewhere.' },
      'password.set': {
        label: 'Password Set',
        description: 'A first password was set, or one was forgotten and set anew.',
      },
      'password.change': { label: 'Password Changed', description: 'A password was changed.' },
      'second_factor.enable': { label: 'Second Factor Enabled', description: 'A second factor was switched on.' },
      'second_factor.disable': { label: 'Second Factor Disabled', description: 'A second factor was switched off.' },
      'backup_codes.create': { label: 'Backup Codes Created', description: 'New backup codes replaced the old ones.' },
      'passkey.create': { label: 'Passkey Added', description: 'A passkey was added.' },
      'passkey.delete': { label: 'Passkey Removed', description: 'A passkey was removed.' },
    },
  },
  namespace: {
    label: 'Namespace',
    actions: {
      claim: { label: 'Namespace Claimed', description: "A registry's namespace became the organization's own." },
      release: { label: 'Namespace Released', description: "A namespace is no longer the organization's own." },
    },
  },
  catalog: {
    label: 'Catalog',
    actions: {
      'category.change': {
        label: 'Category Changed',
        description: 'Images of a namespace are of another category now.',
      },
    },
  },
  activity: {
    label: 'Activity',
    actions: {
      trim: {
        label: 'Activity Trimmed',
        description: 'The oldest rows of the activity were removed because their time of retention was over.',
      },
    },
  },
} as const satisfies Readonly<Record<string, Group>>;

type Groups = typeof actionGroups;

/** `org.member.add`: what happened, as it is stored, filtered by and delivered. */
export type Action = {
  [G in keyof Groups]: `${G}.${keyof Groups[G]['actions'] & string}`;
}[keyof Groups];

const described: ReadonlyMap<string, Named> = new Map(
  Object.entries<Group>(actionGroups).flatMap(([group, { actions }]) =>
    Object.entries(actions).map(([name, named]) => [`${group}.${name}`, named] as const),
  ),
);

/** One sentence. Empty for an action of a newer version. */
export function describeAction(action: string): string {
  return described.get(action)?.description ?? '';
}

/** The action and those that are part of it. What is not known means itself alone, so a filter by it finds nothing. */
export function actionsMeantBy(action: string): readonly string[] {
  return [action, ...[...described].flatMap(([name, { partOf }]) => (partOf === action ? [name] : []))];
}

interface ListedGroup {
  readonly label: string;
  /** `name` without its group. */
  readonly actions: readonly { readonly name: string; readonly label: string; readonly description: string }[];
}

/** All actions for people to choose from, by group. */
export function listActions(): Readonly<Record<string, ListedGroup>> {
  return Object.fromEntries(
    Object.entries<Group>(actionGroups).map(([group, { label, actions }]) => [
      group,
      {
        label,
        actions: Object.entries(actions).map(([name, named]) => ({
          name,
          label: named.label,
          description: named.description,
        })),
      },
    ]),
  );
}
