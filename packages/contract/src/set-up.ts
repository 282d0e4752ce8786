import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { everybody, personReads } from './permission.ts';
import { secret } from './secret.ts';
import { instant, time } from './time.ts';

const group = 'Installation';

export const getSetUp = endpoint({
  name: 'getSetUp',
  method: 'GET',
  path: '/v2/setup',
  summary: 'Tell whether this installation still waits for its first owner, and whether it sends mail.',
  group,
  permission: everybody,
  success: {
    status: 200,
    schema: z.object({
      needed: z.boolean(),
      mail: z.boolean().describe('Whether people can ask for a letter when they forgot their password.'),
    }),
  },
  since: '0.1.0',
});

export const setUp = endpoint({
  name: 'setUp',
  method: 'POST',
  path: '/v2/setup',
  summary: 'Create the first organization and its owner, with the one-time token that the server printed.',
  group,
  permission: everybody,
  body: z.object({
    token: secret(z.string().min(1).max(200).describe('From the set-up link.')),
    username: z.string().min(1).max(40),
    full_name: z.string().max(200).default(''),
    email: z.string().min(3).max(254),
    password: secret(z.string().min(1).max(1024)),
    orgname: z.string().min(1).max(40),
    org_full_name: z.string().max(200).default(''),
  }),
  success: { status: 201, schema: z.object({ username: z.string(), orgname: z.string() }) },
  since: '0.1.0',
});

const status = z
  .object({
    version: z.string(),
    host: z.string().describe('What `docker login` is given.'),
    mail: z.boolean().describe('Whether invitations are sent by mail.'),
    cache: z.object({
      since: time.describe('Hits and misses are counted from here on: at the earliest from the start of the gate.'),
      hits: z.int().describe('Of this node, for all organizations together.'),
      misses: z.int(),
      bytes: z.int(),
      max_bytes: z.int().nullable(),
    }),
    upstreams: z.array(
      z.object({
        registry: z.string(),
        state: z.enum(['unknown', 'up', 'down']),
        last_success_at: time.nullable(),
        last_failure_at: time.nullable(),
        last_error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Status' });
export type StatusBody = z.output<typeof status>;

export const getStatus = endpoint({
  name: 'getStatus',
  method: 'GET',
  path: '/v2/status',
  summary: 'Tell how the gate does: its cache and the registries that it pulls from.',
  group,
  permission: personReads,
  query: z.object({
    from: instant
      .optional()
      .describe('Count hits and misses of the cache from that hour on; a month is kept. All of them when absent.'),
  }),
  success: { status: 200, schema: status },
  since: '0.1.0',
});

export const setUpEndpoints = [getSetUp, setUp, getStatus] as const;
