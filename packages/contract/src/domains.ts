import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { inOrganization } from './params.ts';
import { ownerReads, ownerSignedIn } from './permission.ts';
import { time } from './time.ts';

const group = 'Domains';

const domain = z
  .object({
    domain: z.string(),
    verified: z.boolean(),
    verified_at: time.nullable(),
    record: z
      .object({ type: z.literal('TXT'), name: z.string(), value: z.string() })
      .describe('The DNS record that proves whose domain it is.'),
    created_at: time,
  })
  .meta({ id: 'Domain' });
export type DomainBody = z.output<typeof domain>;

const inPath = z.object({ ...inOrganization.shape, domain: z.string().min(1).max(253) });

export const listDomains = endpoint({
  name: 'listDomains',
  method: 'GET',
  path: '/v2/orgs/{org}/domains',
  summary: "List the organization's domains.",
  group,
  permission: ownerReads,
  params: inOrganization,
  success: { status: 200, schema: z.object({ results: z.array(domain) }) },
  since: '0.1.0',
});

export const addDomain = endpoint({
  name: 'addDomain',
  method: 'POST',
  path: '/v2/orgs/{org}/domains',
  summary: 'Add a domain; the answer tells which DNS record proves that it is yours.',
  group,
  permission: ownerSignedIn,
  params: inOrganization,
  body: z.object({ domain: z.string().min(1).max(253) }),
  success: { status: 201, schema: domain },
  since: '0.1.0',
});

export const verifyDomain = endpoint({
  name: 'verifyDomain',
  method: 'POST',
  path: '/v2/orgs/{org}/domains/{domain}/verify',
  summary: 'Look for the DNS record of a domain.',
  group,
  permission: ownerSignedIn,
  params: inPath,
  success: { status: 200, schema: domain },
  since: '0.1.0',
});

export const removeDomain = endpoint({
  name: 'removeDomain',
  method: 'DELETE',
  path: '/v2/orgs/{org}/domains/{domain}',
  summary: 'Remove a domain that no single sign-on connection uses.',
  group,
  permission: ownerSignedIn,
  params: inPath,
  success: { status: 204 },
  since: '0.1.0',
});

export const domainEndpoints = [listDomains, addDomain, verifyDomain, removeDomain] as const;
