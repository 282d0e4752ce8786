import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { pageOf, pageQuery } from './paging.ts';
import { personReads, personSignedIn } from './permission.ts';
import { expiry, time } from './time.ts';

const group = 'Personal access tokens';

/** Each includes those before it. */
export const personalScope = z.enum(['repo:public_read', 'repo:read', 'repo:write', 'repo:admin']);

const label = z.string().min(1).max(100);

export const personalToken = z
  .object({
    uuid: z.string(),
    client_id: z.literal('HUB'),
    creator_ip: z.string(),
    creator_ua: z.string(),
    created_at: time,
    last_used: time.nullable(),
    last_used_ip: z.string().nullable().describe('From where it was last used.'),
    generated_by: z.literal('manual'),
    is_active: z.boolean(),
    token: z.string().describe('The token itself, only in the answer that creates it; empty ever after.'),
    token_label: z.string(),
    scopes: z.array(z.string()).describe('As they were sent, in that order.'),
    expires_at: z.string().nullable().describe('As it was sent, byte for byte; null never expires.'),
  })
  .meta({ id: 'PersonalAccessToken' });
export type PersonalTokenBody = z.output<typeof personalToken>;

const inPath = z.object({ uuid: z.string().min(1) });

export const createPersonalToken = endpoint({
  name: 'createPersonalToken',
  method: 'POST',
  path: '/v2/access-tokens',
  aliases: [{ method: 'POST', path: '/v2/api_tokens' }],
  summary: 'Create a personal access token and show it, once.',
  group,
  permission: personSignedIn,
  body: z.object({
    token_label: label,
    scopes: z
      .array(personalScope)
      .min(1)
      .max(personalScope.options.length * 2),
    expires_at: expiry,
  }),
  success: { status: 201, schema: personalToken },
  since: '0.1.0',
});

export const listPersonalTokens = endpoint({
  name: 'listPersonalTokens',
  method: 'GET',
  path: '/v2/access-tokens',
  aliases: [{ method: 'GET', path: '/v2/api_tokens' }],
  summary: 'List the personal access tokens of whoever is signed in.',
  group,
  permission: personReads,
  query: pageQuery({}, { pageSize: 10 }),
  success: { status: 200, schema: pageOf(personalToken).extend({ active_count: z.int() }) },
  since: '0.1.0',
});

export const getPersonalToken = endpoint({
  name: 'getPersonalToken',
  method: 'GET',
  path: '/v2/access-tokens/{uuid}',
  aliases: [{ method: 'GET', path: '/v2/api_tokens/{uuid}' }],
  summary: 'Show a personal access token, without the token itself.',
  group,
  permission: personReads,
  params: inPath,
  success: { status: 200, schema: personalToken },
  since: '0.1.0',
});

export const updatePersonalToken = endpoint({
  name: 'updatePersonalToken',
  method: 'PATCH',
  path: '/v2/access-tokens/{uuid}',
  aliases: [{ method: 'PATCH', path: '/v2/api_tokens/{uuid}' }],
  summary: 'Rename a personal access token, or switch it off or on.',
  group,
  permission: personSignedIn,
  params: inPath,
  body: z.object({ token_label: label.optional(), is_active: z.boolean().optional() }),
  success: { status: 200, schema: personalToken },
  since: '0.1.0',
});

export const deletePersonalToken = endpoint({
  name: 'deletePersonalToken',
  method: 'DELETE',
  path: '/v2/access-tokens/{uuid}',
  aliases: [{ method: 'DELETE', path: '/v2/api_tokens/{uuid}' }],
  summary: 'Delete a personal access token: it stops working at once.',
  group,
  permission: personSignedIn,
  params: inPath,
  success: { status: 204 },
  since: '0.1.0',
});

export const personalTokenEndpoints = [
  createPersonalToken,
  listPersonalTokens,
  getPersonalToken,
  updatePersonalToken,
  deletePersonalToken,
] as const;
