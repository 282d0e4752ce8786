import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { Actor } from '../activity/activity.ts';
import type { ChangeContext, Transactional } from '../activity/transactional.ts';
import { AlreadyExists, InvalidInput, LimitReached, NotFound } from '../administration-error.ts';
import {
  type OrganizationAccount,
  type OrganizationStore,
  requireOrganization,
} from '../organizations/organizations.ts';
import type { DomainStore, StoredDomain } from './connection-store.ts';
import type { Domain, Domains } from './single-sign-on.ts';

/** TXT records of a name, each in one piece. None when there is no such name. */
export type ResolveTxt = (name: string) => Promise<readonly string[]>;

interface Stores {
  readonly organizations: OrganizationStore;
  readonly domains: DomainStore;
}

const maxDomains = 100;
const proofBytes = 20;
const recordPrefix = '_pullgate-verification.';

export function createDomains(stores: Transactional<Stores>, resolveTxt: ResolveTxt): Domains {
  const { organizations, domains } = stores.read;
  return {
    async list(organization) {
      const { id } = await requireOrganization(organizations, organization);
      return (await domains.list(id)).map(toDomain);
    },
    add: (organization, given, actor) =>
      stores.change(actor, async (writing) => {
        const owner = await requireOrganization(writing.organizations, organization);
        return toDomain(await add(writing, owner, checkDomainName(given)));
      }),
    async verify(organization, given, actor) {
      const { id } = await requireOrganization(organizations, organization);
      const domain = await requireDomain(domains, id, checkDomainName(given));
      if (domain.verifiedAt !== null) return toDomain(domain);
      const { name, value } = recordOf(domain);
      if (!(await resolveTxt(name)).includes(value)) {
        throw new InvalidInput(
          'domain',
          `There is no TXT record ${name} with the text ${value} yet. New ones take a while.`,
        );
      }
      return settle(stores, organization, domain.name, actor);
    },
    remove: (organization, given, actor) =>
      stores.change(actor, async (writing) => {
        const { id: organizationId } = await requireOrganization(writing.organizations, organization);
        const { name, connectionId, verifiedAt } = await requireDomain(
          writing.domains,
          organizationId,
          checkDomainName(given),
        );
        if (connectionId !== null) {
          throw new InvalidInput('domain', `A single sign-on connection uses ${name}. Take it out there first.`);
        }
        await writing.domains.delete(organizationId, name);
        const before = { verified: verifiedAt !== null };
        await writing.record({ organizationId, action: 'org.domain.delete', subject: name, before });
      }),
  };
}

async function add(
  { domains, at, record }: Stores & ChangeContext,
  { id: organizationId, name: organization }: OrganizationAccount,
  name: string,
): Promise<StoredDomain> {
  const known = await domains.find(organizationId, name);
  if (known) return known;
  if ((await domains.list(organizationId)).length >= maxDomains) {
    throw new LimitReached(`${organization} has ${maxDomains} domains already. Remove one first.`);
  }
  const proof = randomBytes(proofBytes).toString('hex');
  const domain = { organizationId, name, proof, verifiedAt: null, connectionId: null, createdAt: at };
  await domains.insert(domain);
  await record({ organizationId, action: 'org.domain.create', subject: name });
  return domain;
}

function settle(stores: Transactional<Stores>, organization: string, name: string, actor: Actor): Promise<Domain> {
  return stores.change(actor, async ({ organizations, domains, at, record }) => {
    const { id: organizationId } = await requireOrganization(organizations, organization);
    const domain = await requireDomain(domains, organizationId, name);
    if (domain.verifiedAt !== null) return toDomain(domain);
    if (await domains.verified(name)) {
      throw new AlreadyExists(`${name} is verified for another organization. It has to be removed there first.`);
    }
    await domains.setVerified(organizationId, name, at);
    await record({ organizationId, action: 'org.domain.verify', subject: name, after: { proof: 'dns' } });
    return toDomain({ ...domain, verifiedAt: at });
  });
}

async function requireDomain(domains: DomainStore, organizationId: string, name: string): Promise<StoredDomain> {
  const domain = await domains.find(organizationId, name);
  if (domain) return domain;
  throw new NotFound(`The domain ${name} was not found. Add it first.`);
}

/** Two labels at least, and the last one is no number: addresses are nobody's domain. */
const domainShape = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** In lower case. @throws InvalidInput */
export function checkDomainName(given: string): string {
  const name = given.trim().toLowerCase();
  if (domainShape.test(name) && isIP(name) === 0) return name;
  throw new InvalidInput('domain', 'A domain is what stands behind the @ of an e-mail address, such as acme.example.');
}

function recordOf({ name, proof }: StoredDomain): Domain['record'] {
  return { type: 'TXT', name: `${recordPrefix}${name}`, value: `pullgate-verification=${proof}` };
}

function toDomain(domain: StoredDomain): Domain {
  const { name, verifiedAt, createdAt } = domain;
  return { name, record: recordOf(domain), verifiedAt, createdAt };
}
