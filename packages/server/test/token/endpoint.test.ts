import { repositoryOf } from '@pullgate/policy';
import { expect, it, onTestFinished } from 'vitest';
import { createAccess } from '../../src/access/access.ts';
import { buildDirectory } from '../../src/access/build-directory.ts';
import { listen } from '../../src/http/listener.ts';
import { createPublicAddress } from '../../src/http/public-address.ts';
import { createTokenService } from '../../src/token/endpoint.ts';
import { createRegistryTokens } from '../../src/tokens/registry-token.ts';
import { directoryRows } from '../access/directory-rows.ts';

// The token service on its own. With everything else: ../gate/token.test.ts.

const key = new Uint8Array(32).fill(1);
const tokens = await createRegistryTokens({ key, issuer: 'http://gate.test', service: 'gate.test' });

type Options = Parameters<typeof createTokenService>[0];

async function serve(directory: Options['directory'], change: Partial<Options> = {}): Promise<string> {
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    handle: createTokenService({
      access: { judge: notAsked, record: notAsked },
      signIn: notAsked,
      passwordLogin: notAsked,
      directory,
      tokens,
      address: createPublicAddress('http://gate.test', new Map()),
      repositoryNamed: notAsked,
      factsOf: () => ({ address: '192.0.2.1', client: 'other' }),
      onUse: () => {},
      onAnswered: () => {},
      now: Date.now,
      ...change,
    }),
    onUnexpected: (error) => console.error(error),
  });
  onTestFinished(() => listener.close(0));
  return `http://127.0.0.1:${listener.port}/token`;
}

const notAsked = (): never => {
  throw new Error('Nothing of this is needed here.');
};

it('renews the sign-in of a token that another process has just made', async () => {
  const directory = {
    current: buildDirectory(directoryRows({ personalTokens: [] })),
    async catchUp() {
      directory.current = buildDirectory(directoryRows());
    },
  };
  const url = await serve(directory);
  const renew = (subject: string) => {
    const form = {
      grant_type: 'refresh_token',
      refresh_token: tokens.issueRefresh(subject),
      client_id: 'docker',
      service: 'gate.test',
    };
    return fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  };
  expect((await renew('pat')).status).toBe(200);
  expect((await renew('another')).status).toBe(401);
});

it('tells refusals without a sign-in only so often, and then when to come back', async () => {
  const directory = { current: buildDirectory(directoryRows()), reload: async () => {}, catchUp: async () => {} };
  let recorded = 0;
  const access = createAccess({
    directory,
    catalog: { categoryAtHand: () => ({ category: 'community', source: 'operator', asOf: 0 }), categoryOf: notAsked },
    upstreams: new Set(['docker.io']),
    recorder: { record: async () => void recorded++ },
    newId: () => 'id',
    onDecision: () => {},
    onUnrecorded: () => {},
    now: Date.now,
  });
  const url = await serve(directory, { access, repositoryNamed: () => repositoryOf('docker.io', 'evil/miner') });
  const ask = () => fetch(`${url}?scope=repository:evil/miner:pull`);
  for (let count = 0; count < 60; count++) expect((await ask()).status).toBe(401);
  const answer = await ask();
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ errors: [{ code: 'TOOMANYREQUESTS' }], details: expect.any(String) });
  expect(recorded).toBe(60);
});
