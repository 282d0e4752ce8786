import { InvalidInput } from '../administration-error.ts';

/** The team whose members are the owners. */
export const ownersTeam = 'owners';
/** The team of people whom an identity provider brought, as on Docker Hub. */
export const provisionedTeam = 'company';

/** Words of the registry's paths: `/v2/orgs/acme/groups/manifests/members` would also be a manifest. */
const reserved = new Set(['manifests', 'tags', 'blobs', 'referrers']);
const grammar = /^[A-Za-z0-9_-]{3,30}$/;

/** What two names of teams are compared by. */
export function teamKey(name: string): string {
  return name.toLowerCase();
}

/** @throws InvalidInput */
export function checkTeamName(name: string): void {
  if (!grammar.test(name)) {
    throw new InvalidInput('name', "A team's name has 3 to 30 letters, digits, hyphens and underscores.");
  }
  if (reserved.has(teamKey(name))) {
    throw new InvalidInput('name', `The name ${name} is reserved. Choose another one.`);
  }
}
