import { InvalidReference, type Repository } from '@pullgate/policy';

/** What a client asks a token for. Only pulls of repositories are ever granted. */
export interface ScopeRequest {
  /** The name as the client spells it. */
  readonly name: string;
  readonly repository: Repository;
}

/** BuildKit and crane ask for several repositories at once; nobody asks for hundreds. */
const maxScopes = 100;
const maxScopeLength = 1024;
/** Characters of all names together: what a token can hold and a client can send in one header. */
const maxNamesLength = 5_000;

export class InvalidScope extends Error {
  override readonly name = 'InvalidScope';
}

/**
 * Parses scopes by distribution's grammar (spec/auth/scope.md): `type[(class)]:name:action[,action]`. The name may hold
 * a colon, so the type ends at the first and the actions begin after the last. Types other than `repository` and
 * actions other than `pull` grant nothing here and are passed over, as the protocol asks. Throws `InvalidScope`.
 */
export function parseScopes(texts: readonly string[], repositoryNamed: (name: string) => Repository): ScopeRequest[] {
  const scopes = texts.flatMap((text) => text.split(' ')).filter((scope) => scope !== '');
  if (scopes.length > maxScopes) throw new InvalidScope(`A token may be asked for ${maxScopes} scopes at once.`);
  const requests = new Map<string, ScopeRequest>();
  for (const scope of scopes) {
    const name = pulledName(scope);
    if (name !== undefined) requests.set(name, { name, repository: named(name, repositoryNamed) });
  }
  const length = requests.keys().reduce((sum, name) => sum + name.length, 0);
  if (length > maxNamesLength) throw new InvalidScope('One token cannot be for so many repositories. Ask for several.');
  return [...requests.values()];
}

/** The repository whose pull the scope asks for, if it does. */
function pulledName(scope: string): string | undefined {
  const first = scope.indexOf(':');
  const last = scope.lastIndexOf(':');
  if (scope.length > maxScopeLength || first <= 0 || last === first) {
    throw new InvalidScope('A scope has the form repository:name:pull.');
  }
  const type = scope.slice(0, first);
  const actions = scope.slice(last + 1).split(',');
  const isPull = (type === 'repository' || type === 'repository(plugin)') && actions.includes('pull');
  return isPull ? scope.slice(first + 1, last) : undefined;
}

function named(name: string, repositoryNamed: (name: string) => Repository): Repository {
  try {
    return repositoryNamed(name);
  } catch (error) {
    if (error instanceof InvalidReference) throw new InvalidScope(error.message);
    throw error;
  }
}
