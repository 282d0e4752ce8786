/** Names of organizations at Docker; or why what was typed are none. */
export type DesktopOrganizations = { readonly organizations: readonly string[] } | { readonly problem: string };

/** Docker wants lower case. Nothing that ends a string, a list or a line in any of the files can be in such a name. */
const name = /^[a-z0-9][a-z0-9_-]{0,99}$/;
const maxOrganizations = 50;
const maxShown = 40;

/** Reads names as people type lists: with spaces, commas or lines between them. */
export function readDesktopOrganizations(text: string): DesktopOrganizations {
  const organizations = [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,;]+/)
        .filter((one) => one !== ''),
    ),
  ];
  if (organizations.length === 0) return { problem: 'Name one organization at least.' };
  if (organizations.length > maxOrganizations) return { problem: `At most ${maxOrganizations} organizations.` };
  const wrong = organizations.find((one) => !name.test(one));
  if (wrong === undefined) return { organizations };
  return {
    problem: `“${wrong.slice(0, maxShown)}” is no name of an organization: use letters, digits, hyphens and underscores.`,
  };
}
