import { expect, it, onTestFinished } from 'vitest';
import { buildDirectory } from '../../src/access/build-directory.ts';
import { listen } from '../../src/http/listener.ts';
import { createPublicAddress } from '../../src/http/public-address.ts';
import { createTokenService } from '../../src/token/endpoint.ts';
import { createRegistryTokens } from '../../src/tokens/registry-token.ts';
import { directoryRows } from '../access/directory-rows.ts';

// The token service on its own. With everything else: ../gate/token.test.ts.

const key = new Uint8Array(32).fill(1);
const tokens = await createRegistryTokens({ key, issuer: 'http://gate.test', service: 'gate.test' });

async function serve(directory: Parameters<typeof createTokenService>[0]['directory']): Promise<string> {
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
    }),
    onUnexpected: (error) => console.error(error),
  });
  onTestFinished(() => listener.close(0));
  return `http://127.0.0.1:${listener.port}/token`;
}

const notAsked = (): never => {
  throw new Error('Nothing of this is needed to renew a token.');
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
