import {
  anonymous,
  type CatalogCategory,
  type Explanation,
  explain,
  type ImageReference,
  type Person,
  type Principal,
  parseImageReference,
  type Question,
} from '@pullgate/policy';
import { NotFound } from '../administration-error.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { PublicAddress } from '../http/public-address.ts';
import type { LiveDirectory } from './directory.ts';

/** What would be decided, and why. */
export interface Checked {
  readonly reference: ImageReference;
  /** Docker Hub tells the category and could not be asked: without its word an image counts as community. */
  readonly categoryUnknown: boolean;
  readonly question: Question;
  readonly explanation: Explanation;
}

/** Judges references, also those with the gate's own host in front, without pulling or recording. */
export interface Check {
  /**
   * As a pull of the person is judged, by every organization of theirs; as nobody signed in when there is no user name.
   *
   * @throws InvalidReference, NotFound
   */
  asPerson(reference: string, username: string | undefined): Promise<Checked>;
  /**
   * As one organization judges its member. Others that the person may belong to are left out: what they allow, and that
   * the person belongs to them, is not this organization's affair.
   *
   * @throws InvalidReference, NotFound when the person is no member
   */
  asMember(reference: string, username: string, organizationId: string): Promise<Checked>;
}

export interface CheckOptions {
  readonly directory: LiveDirectory;
  readonly catalog: Pick<Catalog, 'categoryOf'>;
  /** Canonical hosts of the registries that the gate pulls from. */
  readonly upstreams: Pick<ReadonlySet<string>, 'has'>;
  readonly address: Pick<PublicAddress, 'host' | 'registryOfHost'>;
}

export function createCheck({ directory, catalog, upstreams, address }: CheckOptions): Check {
  async function check(text: string, principalNow: () => Principal): Promise<Checked> {
    const reference = parseImageReference(upstreamText(text, address));
    // Nobody is looked up a category for who may not be asked for; after it, whatever has changed meanwhile counts.
    principalNow();
    const { repository } = reference;
    const upstreamKnown = upstreams.has(repository.registry);
    const known = upstreamKnown ? await catalog.categoryOf(repository) : undefined;
    const category: CatalogCategory = known?.category ?? 'community';
    const { current } = directory;
    const claimedBy = current.claimOf(repository);
    const question = { principal: principalNow(), repository, category, claimedBy, home: current.home, upstreamKnown };
    return { reference, question, explanation: explain(question), categoryUnknown: known?.source === 'unknown' };
  }

  function personNamed(username: string): Person {
    const person = directory.current.personByName(username);
    if (person) return person;
    throw new NotFound(`There is no person with the user name ${JSON.stringify(username)}.`, 'person');
  }

  return {
    asPerson: (reference, username) =>
      check(reference, () => (username === undefined ? anonymous : personNamed(username))),
    asMember: (reference, username, organizationId) =>
      check(reference, () => {
        const person = directory.current.personByName(username);
        const memberships = person?.memberships.filter(({ organization }) => organization.id === organizationId) ?? [];
        if (person && memberships.length > 0) return { ...person, memberships };
        throw new NotFound(`There is no member with the user name ${JSON.stringify(username)}.`);
      }),
  };
}

/** What is meant by an image as people pull it: through the gate, or a host of it that stands for a registry. */
function upstreamText(text: string, { host, registryOfHost }: CheckOptions['address']): string {
  const slash = text.indexOf('/');
  const [first, rest] = [text.slice(0, Math.max(slash, 0)), text.slice(slash + 1)];
  if (first === host) return rest;
  const registry = registryOfHost(first);
  return registry === undefined ? text : `${registry}/${rest}`;
}
