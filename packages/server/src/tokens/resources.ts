import { InvalidReference, parseTokenResource, type TokenResource } from '@pullgate/policy';
import { InvalidInput } from '../administration-error.ts';
import { grants, organizationScopes, repositoryScopes } from './scopes.ts';

/** What an organization access token may do with one thing, in Docker's spelling. */
export interface Resource {
  readonly type: 'TYPE_REPO' | 'TYPE_ORG';
  /** For `TYPE_REPO` `acme/web`, `acme/*` or every public one, for `TYPE_ORG` the organization's name. */
  readonly path: string;
  readonly scopes: readonly string[];
}

/** As on Docker Hub. */
const maxResources = 50;
const maxPathLength = 512;
/** More than there are: the list is kept as it was given, and must end somewhere. */
const maxScopes = 50;

/** @throws InvalidInput */
export function checkResources(organization: string, resources: readonly Resource[]): readonly Resource[] {
  if (resources.length < 1 || resources.length > maxResources) {
    throw new InvalidInput('resources', `An organization access token has 1 to ${maxResources} resources.`);
  }
  return resources.map(({ type, path, scopes }) => {
    checkScopes(type, scopes);
    if (type === 'TYPE_REPO') checkRepositoryPath(path);
    else if (path !== organization) {
      throw new InvalidInput('resources', `A token of ${organization} gives access to no other organization.`);
    }
    return { type, path, scopes: [...scopes] };
  });
}

/** What a token with these resources may pull. A path that cannot be read opens nothing. */
export function pullableResources(resources: readonly Resource[]): readonly TokenResource[] {
  return resources
    .filter(({ type, scopes }) => type === 'TYPE_REPO' && grants(scopes, 'scope-image-pull'))
    .map(({ path }) => read(path))
    .filter((resource) => resource !== undefined);
}

function read(path: string): TokenResource | undefined {
  try {
    return parseTokenResource(path);
  } catch (error) {
    if (error instanceof InvalidReference) return undefined;
    throw error;
  }
}

function checkRepositoryPath(path: string): void {
  if (path.length > maxPathLength) throw new InvalidInput('resources', 'The path of a resource is too long.');
  try {
    parseTokenResource(path);
  } catch (error) {
    if (error instanceof InvalidReference) throw new InvalidInput('resources', error.message);
    throw error;
  }
}

function checkScopes(type: string, scopes: readonly string[]): void {
  const known = type === 'TYPE_REPO' ? repositoryScopes : type === 'TYPE_ORG' ? organizationScopes : undefined;
  if (known === undefined) throw new InvalidInput('resources', 'The type of a resource is TYPE_REPO or TYPE_ORG.');
  if (scopes.length > 0 && scopes.length <= maxScopes && scopes.every((scope) => Object.hasOwn(known, scope))) return;
  throw new InvalidInput(
    'resources',
    `A resource of ${type} has one or more of the scopes ${Object.keys(known).join(', ')}.`,
  );
}
