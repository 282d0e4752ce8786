import { defaultPolicy } from '@pullgate/policy';
import type { DirectoryRows } from '../../src/access/build-directory.ts';

/** One organization with one member who has a token, and an organization access token. */
export function directoryRows(change: Partial<DirectoryRows> = {}): DirectoryRows {
  return {
    revision: 7,
    homeOrganizationId: 'acme-id',
    organizations: [organizationRow('acme')],
    passwords: [],
    namespaces: [{ registry: 'docker.io', namespace: 'acme', organizationId: 'acme-id' }],
    people: [{ id: 'alice-id', username: 'alice', isActive: true, isAdministrator: false }],
    memberships: [{ organizationId: 'acme-id', personId: 'alice-id', role: 'member' }],
    personalTokens: [
      {
        id: 'pat',
        personId: 'alice-id',
        secretHash: 'a1',
        isActive: true,
        expiresAt: null,
        createdAt: 0,
        scopes: ['repo:read'],
      },
    ],
    organizationTokens: [
      {
        id: 'oat',
        organizationId: 'acme-id',
        secretHash: 'b2',
        isActive: true,
        expiresAt: 5_000,
        createdAt: 0,
        resources: [{ type: 'TYPE_REPO', path: 'acme/*', scopes: ['scope-image-pull'] }],
      },
    ],
    ...change,
  };
}

export function organizationRow(name: string): DirectoryRows['organizations'][number] {
  return {
    id: `${name}-id`,
    name,
    enforceSignIn: true,
    passwordLogin: false,
    maxTokenLifetimeMs: null,
    policyVersion: 1,
    policy: defaultPolicy,
  };
}
