import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { inOrganization } from './params.ts';
import { memberReads, ownerSignedIn } from './permission.ts';

const group = 'Enforce sign-in';

const enforcement = z
  .object({ enforce: z.boolean().describe('Nobody pulls without signing in.') })
  .meta({ id: 'SignInEnforcement' });
export type SignInEnforcementBody = z.output<typeof enforcement>;

export const getSignInEnforcement = endpoint({
  name: 'getSignInEnforcement',
  method: 'GET',
  path: '/v2/orgs/{org}/sign-in',
  summary: 'Tell whether the organization enforces sign-in.',
  group,
  permission: memberReads,
  params: inOrganization,
  success: { status: 200, schema: enforcement },
  since: '0.1.0',
});

export const setSignInEnforcement = endpoint({
  name: 'setSignInEnforcement',
  method: 'PUT',
  path: '/v2/orgs/{org}/sign-in',
  summary: 'Enforce sign-in, or no longer.',
  description: 'It is enforced for everybody as long as any organization of this installation does.',
  group,
  permission: ownerSignedIn,
  params: inOrganization,
  body: enforcement,
  success: { status: 200, schema: enforcement },
  since: '0.1.0',
});

export const signInEnforcementEndpoints = [getSignInEnforcement, setSignInEnforcement] as const;
