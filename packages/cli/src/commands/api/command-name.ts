import type { Endpoint } from '@pullgate/contract';

/** `members list`, below `pullgate api`. */
export interface CommandName {
  readonly noun: string;
  readonly verb: string;
}

/** Groups of the table whose endpoints have no command here, and why. */
const withoutCommands: Readonly<Record<string, string>> = {
  'Signing in': '`pullgate login` asks them. What they answer is a secret that is kept, not shown.',
  'Provisioning (SCIM 2.0)': 'They take the token of an identity provider. No person signs in with one.',
};

export function hasCommand({ group }: Pick<Endpoint, 'group'>): boolean {
  return !Object.hasOwn(withoutCommands, group);
}

interface Noun {
  readonly noun: string;
  /** What names of endpoints call it besides. */
  readonly things: readonly string[];
}

/** Where the heading of a group is no noun to type, or its endpoints call it differently. */
const nouns: Readonly<Record<string, Noun>> = {
  People: { noun: 'people', things: ['person'] },
  'Personal access tokens': { noun: 'personal-tokens', things: [] },
  'Organization access tokens': { noun: 'organization-tokens', things: [] },
  'Tokens of members': { noun: 'member-tokens', things: [] },
  Invitations: { noun: 'invitations', things: ['invite'] },
  Teams: { noun: 'teams', things: ['group'] },
  'Enforce sign-in': { noun: 'sign-in-enforcement', things: [] },
  'Single sign-on': { noun: 'single-sign-on', things: ['connection'] },
};

/**
 * The noun is the group; the verb is the name without what the noun has said already: `listImageAccessVersions` of
 * "Image access" is `image-access list-versions`.
 */
export function commandNameOf({ group, name }: Pick<Endpoint, 'group' | 'name'>): CommandName {
  const { noun, things } = nouns[group] ?? { noun: group.toLowerCase().replaceAll(' ', '-'), things: [] };
  const said = new Set([...noun.split('-').map(singular), ...things]);
  const [verb = '', ...rest] = name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  return { noun, verb: [verb, ...rest.filter((word) => !said.has(singular(word)))].join('-') };
}

function singular(word: string): string {
  return word.replace(/ies$/, 'y').replace(/s$/, '');
}
