import { dockerHub } from '@pullgate/policy';
import type { LiveDirectory } from '../access/directory.ts';
import type { Administration } from '../administration.ts';
import type { HubPageQuery, HubRepositories } from '../catalog/hub-repositories.ts';
import type { Audience } from '../content/content.ts';
import type { OrganizationTokenCaller, PersonCaller } from './authenticate.ts';
import { type Handlers, pageBody } from './call.ts';
import { defined } from './defined.ts';
import { ApiError, nothingThere } from './errors.ts';

export interface RepositoriesOptions {
  readonly administration: Pick<Administration, 'namespaces'>;
  readonly directory: LiveDirectory;
  readonly hub: HubRepositories;
}

type Reader = PersonCaller | OrganizationTokenCaller;

/** The gate stores no repositories: it tells what Docker Hub tells of the namespaces that the caller's organizations claim. */
export function repositoryHandlers({ administration, directory, hub }: RepositoriesOptions) {
  /**
   * On whose behalf Docker Hub is asked: of the organization that claims the namespace. Everybody else's namespaces look
   * as if they did not exist. An organization access token without the scope to list sees what is public.
   */
  function audienceFor(caller: Reader, namespace: string): Audience {
    const repository = { registry: dockerHub, path: `${namespace}/_`, name: `${dockerHub}/${namespace}/_` };
    const claimedBy = directory.current.claimOf(repository);
    if (!claimedBy || !organizationsOf(caller).some(({ id }) => id === claimedBy.id)) throw nothingThere();
    const isPublic = caller.kind === 'organization-token' && !caller.scopes.includes('scope-repository-list');
    return isPublic ? 'public' : `organization:${claimedBy.id}`;
  }

  return {
    async listRepositoryNamespaces({ caller }) {
      const claims = await Promise.all(organizationsOf(caller).map(({ name }) => administration.namespaces.list(name)));
      const onHub = claims.flat().filter(({ registry }) => registry === dockerHub);
      return { namespaces: onHub.map(({ namespace }) => namespace).sort() };
    },

    async listRepositories(call) {
      const { caller, params, query } = call;
      const audience = audienceFor(caller, params.namespace);
      const page = await hub.list(audience, params.namespace, asked(query));
      if (query.page > 1 && page.items.length === 0) throw new ApiError(404, 'Page not found');
      return pageBody(call, page, (repository) => repository);
    },

    async getRepository({ caller, params: { namespace, repository } }) {
      return hub.find(audienceFor(caller, namespace), namespace, repository);
    },

    async listTags(call) {
      const { caller, params, query } = call;
      const audience = audienceFor(caller, params.namespace);
      const page = await hub.tags(audience, params.namespace, params.repository, asked(query));
      return pageBody(call, page, (tag) => tag);
    },

    async getTag({ caller, params: { namespace, repository, tag } }) {
      return hub.tag(audienceFor(caller, namespace), namespace, repository, tag);
    },

    async listTagImages({ caller, params: { namespace, repository, tag } }) {
      const { images } = await hub.tag(audienceFor(caller, namespace), namespace, repository, tag);
      return images;
    },
  } satisfies Partial<Handlers>;
}

function organizationsOf(caller: Reader) {
  return caller.kind === 'person'
    ? caller.person.memberships.map(({ organization }) => organization)
    : [caller.organization];
}

interface AskedQuery {
  readonly page: number;
  readonly page_size: number;
  readonly name?: string | undefined;
  readonly ordering?: string | undefined;
  readonly architecture?: string | undefined;
  readonly os?: string | undefined;
}

function asked({ page, page_size, name, ordering, architecture, os }: AskedQuery): HubPageQuery {
  return { page, page_size, ...defined({ name, ordering, architecture, os }) };
}
