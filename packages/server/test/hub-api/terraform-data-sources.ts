import { goInt, goString, goStruct } from './go-json.ts';
import type { Provider } from './terraform-provider.ts';
import { accessToken, person } from './terraform-resources.ts';

const organization = goStruct({
  full_name: goString,
  location: goString,
  company: goString,
  date_joined: goString,
});
const team = goStruct({ id: goInt, uuid: goString, description: goString, member_count: goInt });

/** What the provider's data sources send and read; those of repositories are in a file of their own. */
export function dataSources({ call, list }: Provider) {
  return {
    org: (org: string) => call('GET', `/orgs/${org}/`, { decode: organization }),
    orgMembers: (org: string) => list(`/orgs/${org}/members`, person),
    orgTeam: (org: string, name: string) => call('GET', `/orgs/${org}/groups/${name}/`, { decode: team }),
    orgTeamMembers: (org: string, name: string) => list(`/orgs/${org}/groups/${name}/members/`, person),
    accessToken: (uuid: string) => call('GET', `/access-tokens/${uuid}`, { decode: accessToken }),
    accessTokens: () => list('/access-tokens', accessToken),
  };
}
