import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { withId } from './params.ts';
import { personSignedIn } from './permission.ts';
import { time } from './time.ts';

const group = 'People';

const session = z
  .object({
    id: z.string().describe('Tells which it is, and opens nothing.'),
    method: z.enum(['password', 'passkey', 'single-sign-on', 'set-up']),
    created_at: time,
    expires_at: time,
    ip_address: z.string().nullable().describe('From where it was begun.'),
    user_agent: z.string().nullable(),
    is_current: z.boolean().describe('Whether it is the one that asks.'),
  })
  .meta({ id: 'Session' });
export type SessionBody = z.output<typeof session>;

export const listOwnSessions = endpoint({
  name: 'listOwnSessions',
  method: 'GET',
  path: '/v2/user/sessions',
  summary: 'List where the caller is signed in, newest first.',
  group,
  permission: personSignedIn,
  success: { status: 200, schema: z.object({ results: z.array(session) }) },
  since: '0.1.0',
});

export const endOwnSession = endpoint({
  name: 'endOwnSession',
  method: 'DELETE',
  path: '/v2/user/sessions/{id}',
  summary: 'End a session of the caller: it stops working at once.',
  group,
  permission: personSignedIn,
  params: withId,
  success: { status: 204 },
  since: '0.1.0',
});

export const sessionEndpoints = [listOwnSessions, endOwnSession] as const;
