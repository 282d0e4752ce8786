import { formatTime } from '@pullgate/contract';
import {
  canonicalRegistry,
  type ImageKind,
  InvalidReference,
  imageKindOf,
  namespaceOf,
  type Repository,
  repositoryOf,
} from '@pullgate/policy';
import type { LiveDirectory } from '../access/directory.ts';
import type { Administration } from '../administration.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Handlers } from './call.ts';
import { invalidField } from './errors.ts';

export interface CatalogOptions {
  readonly administration: Pick<Administration, 'namespaces'>;
  readonly directory: LiveDirectory;
  readonly catalog: Pick<Catalog, 'categoryOf'>;
}

/** What an image is to members of the organizations named, who says so, and since when. */
export type CategoryFacts = (
  repository: Repository,
  organizations: readonly string[],
) => Promise<{ readonly category: ImageKind; readonly source: string; readonly as_of: string }>;

export function createCategoryFacts({ administration, directory, catalog }: CatalogOptions): CategoryFacts {
  return async (repository, organizations) => {
    const claimedBy = directory.current.claimOf(repository)?.name;
    if (claimedBy !== undefined && organizations.includes(claimedBy)) {
      const claim = (await administration.namespaces.list(claimedBy)).find(
        ({ registry, namespace }) => registry === repository.registry && namespace === namespaceOf(repository),
      );
      if (claim) return { category: 'organization', source: 'claim', as_of: formatTime(claim.claimedAt) };
    }
    const { category, source, asOf } = await catalog.categoryOf(repository);
    return { category: imageKindOf({ category, repository: repository.name }), source, as_of: formatTime(asOf) };
  };
}

export function catalogHandlers({ categoryFacts }: { readonly categoryFacts: CategoryFacts }) {
  return {
    async getCategory({ caller, params }) {
      const repository = parseRepository(params.registry, params.repository);
      const own = caller.person.memberships.map(({ organization }) => organization.name);
      const { registry, path } = repository;
      return { registry, repository: path, ...(await categoryFacts(repository, own)) };
    },
  } satisfies Partial<Handlers>;
}

function parseRepository(registry: string, path: string): Repository {
  try {
    return repositoryOf(canonicalRegistry(registry), path);
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
    throw invalidField('repository', error.message);
  }
}
