import { expect, it } from 'vitest';
import { buildDirectory } from '../../src/access/build-directory.ts';
import { createAuthenticate } from '../../src/api/authenticate.ts';
import { directoryRows } from '../access/directory-rows.ts';

it.each([
  ['personal', { kind: 'pat', id: 'pat' }, { kind: 'person', by: { id: 'pat' } }],
  ['organization', { kind: 'oat', id: 'oat' }, { kind: 'organization-token', id: 'oat' }],
] as const)(
  'whoever signed in on another node with a new %s token is known on this one',
  async (_, subject, caller) => {
    const directory = {
      current: buildDirectory(directoryRows({ personalTokens: [], organizationTokens: [] })),
      async catchUp() {
        directory.current = buildDirectory(directoryRows());
      },
    };
    const authenticate = createAuthenticate({
      tokens: { verify: async () => subject },
      directory,
      authentication: { sessionOf: async () => undefined, session: async () => undefined },
      now: () => 0,
    });
    const request = new Request('http://gate.test/v2/orgs', { headers: { authorization: 'Bearer a.b.c' } });
    expect(await authenticate(request)).toMatchObject(caller);
  },
);
