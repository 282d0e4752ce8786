import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { flag } from './paging.ts';
import { everybody } from './permission.ts';
import { secret } from './secret.ts';

const group = 'Signing in';
const name = z.string().min(1).max(254);
const loginSecret = secret(z.string().min(1).max(1024));

const bearer = z
  .object({
    token: z.string().describe('The bearer of further requests: a JWT that carries `exp`.'),
    refresh_token: z.string().optional().describe('Only when it was asked for: the same bearer again.'),
  })
  .meta({ id: 'Login' });

const loginQuery = z.object({ refresh_token: flag.optional() });

export const signIn = endpoint({
  name: 'signIn',
  method: 'POST',
  path: '/v2/users/login',
  summary: 'Sign in with a password or a personal access token.',
  description:
    'An account with a second factor is answered 401 with `login_2fa_token`, which `signInWithSecondFactor` takes; a personal access token needs none.',
  group,
  permission: everybody,
  query: loginQuery,
  body: z.object({ username: name, password: loginSecret }),
  success: { status: 200, schema: bearer },
  since: '0.1.0',
});

export const signInWithSecondFactor = endpoint({
  name: 'signInWithSecondFactor',
  method: 'POST',
  path: '/v2/users/2fa-login',
  summary: 'Complete a sign-in with the code of the second factor.',
  group,
  permission: everybody,
  query: loginQuery,
  body: z.object({ login_2fa_token: secret(z.string().min(1).max(4096)), code: secret(z.string().min(1).max(64)) }),
  success: { status: 200, schema: bearer },
  since: '0.1.0',
});

export const createBearer = endpoint({
  name: 'createBearer',
  method: 'POST',
  path: '/v2/auth/token',
  summary: 'Exchange a password, a personal or an organization access token for a bearer.',
  description: 'With an organization access token, the identifier is the name of the organization.',
  group,
  permission: everybody,
  body: z.object({ identifier: name, secret: loginSecret }),
  success: {
    status: 200,
    schema: z.object({ access_token: z.string().describe('The bearer: a JWT that carries `exp`.') }),
  },
  since: '0.1.0',
});

export const signInEndpoints = [signIn, signInWithSecondFactor, createBearer] as const;
