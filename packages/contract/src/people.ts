import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { pageOf, pageQuery } from './paging.ts';
import { administratorChanges, administratorReads, personReads, personSignedIn } from './permission.ts';
import { time } from './time.ts';

const group = 'People';

/** What Docker Hub tells of people and organizations alike. */
export const profile = {
  id: z.string().describe('UUID without dashes: 32 hexadecimal digits.'),
  uuid: z.string().describe('The same with dashes.'),
  full_name: z.string(),
  location: z.string(),
  company: z.string(),
  profile_url: z.string(),
  gravatar_email: z.string(),
  gravatar_url: z.string(),
  date_joined: time,
};

export const person = z.object({ ...profile, username: z.string(), type: z.literal('User') }).meta({ id: 'Person' });
export type PersonBody = z.output<typeof person>;

const caller = z
  .object({
    ...person.shape,
    email: z.string().nullable(),
    is_staff: z.literal(false),
    is_admin: z.boolean().describe('Administrator of this installation.'),
  })
  .meta({ id: 'Caller' });
export type CallerBody = z.output<typeof caller>;

const ownOrganization = z
  .object({
    ...profile,
    orgname: z.string(),
    type: z.literal('Organization'),
    badge: z.string(),
    is_active: z.boolean(),
    user_role: z.string().describe('`Owner`, `Editor` or `Member`.'),
    user_groups: z.array(z.string()),
    org_groups_count: z.int(),
    plan_name: z.string().nullable(),
    parent_name: z.string().nullable(),
  })
  .meta({ id: 'OwnOrganization' });
export type OwnOrganizationBody = z.output<typeof ownOrganization>;

export const getCaller = endpoint({
  name: 'getCaller',
  method: 'GET',
  path: '/v2/user',
  summary: 'Tell who is signed in.',
  group,
  permission: personReads,
  success: { status: 200, schema: caller },
  since: '0.1.0',
});

const words = z.string().max(200);

export const updateCaller = endpoint({
  name: 'updateCaller',
  method: 'PATCH',
  path: '/v2/user',
  summary: 'Change what is told of whoever is signed in. What is absent stays as it is.',
  group,
  permission: personSignedIn,
  body: z.object({
    full_name: words.min(1).optional(),
    location: words.optional(),
    company: words.optional(),
  }),
  success: { status: 200, schema: caller },
  since: '0.1.0',
});

export const listOwnOrganizations = endpoint({
  name: 'listOwnOrganizations',
  method: 'GET',
  path: '/v2/user/orgs',
  summary: 'List the organizations of whoever is signed in.',
  group,
  permission: personReads,
  query: pageQuery({}),
  success: { status: 200, schema: pageOf(ownOrganization) },
  since: '0.1.0',
});

const account = z
  .object({
    ...person.shape,
    email: z.string().nullable(),
    is_active: z.boolean().describe('May sign in and pull.'),
    is_admin: z.boolean(),
  })
  .meta({ id: 'Account' });
export type AccountBody = z.output<typeof account>;

export const listPeople = endpoint({
  name: 'listPeople',
  method: 'GET',
  path: '/v2/users',
  summary: 'List everybody who has an account on this installation.',
  group,
  permission: administratorReads,
  query: pageQuery({
    search: z.string().max(200).optional().describe('In user names, full names and e-mail addresses.'),
  }),
  success: { status: 200, schema: pageOf(account) },
  since: '0.1.0',
});

const named = z.object({ username: z.string().min(1) });

export const updatePerson = endpoint({
  name: 'updatePerson',
  method: 'PATCH',
  path: '/v2/users/{username}',
  summary: 'Switch an account off or on, or make somebody an administrator of the installation.',
  description: 'Tokens of an account that is off stop working at once. The last administrator stays one.',
  group,
  permission: administratorChanges,
  params: named,
  body: z.object({ is_active: z.boolean().optional(), is_admin: z.boolean().optional() }),
  success: { status: 200, schema: account },
  since: '0.1.0',
});

export const getPerson = endpoint({
  name: 'getPerson',
  method: 'GET',
  path: '/v2/users/{username}',
  summary: 'Tell of a person with whom the caller shares an organization.',
  description: 'Docker Hub shows everybody to everybody; here nobody sees whether a stranger exists.',
  group,
  permission: personReads,
  params: named,
  success: { status: 200, schema: person },
  since: '0.1.0',
});

export const peopleEndpoints = [
  getCaller,
  updateCaller,
  listOwnOrganizations,
  listPeople,
  updatePerson,
  getPerson,
] as const;
