import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createPushProof } from '../../src/upstream/push-proof.ts';

const owner = { username: 'olivia', password: 'right' };
const basic = `Basic ${Buffer.from('olivia:right').toString('base64')}`;

type Respond = (request: IncomingMessage, response: ServerResponse, origin: string) => void;

/** A registry that answers as it is told, and what it was asked. */
async function registryThat(respond: Respond) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.split('?')[0]} ${request.headers.authorization ?? '-'}`);
    request.resume();
    respond(request, response, origin);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const upstream = { registry: 'docker.io', url: origin, allowHttp: true, allowPrivateAddresses: true };
  return { asked, proof: createPushProof(new Map([['docker.io', upstream]]), Date.now) };
}

/** Signs in by token, and then answers as told. */
function signingIn(then: Respond): Respond {
  return (request, response, origin) => {
    if (request.url?.startsWith('/token')) {
      const isRight = request.headers.authorization === basic;
      return void response.writeHead(isRight ? 200 : 401).end(JSON.stringify({ token: 'granted' }));
    }
    if (request.headers.authorization === 'Bearer granted') return then(request, response, origin);
    const challenge = `Bearer realm="${origin}/token",service="test"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  };
}

const accepting: Respond = ({ method }, response) =>
  void (method === 'POST'
    ? response.writeHead(202, { location: '/v2/acme/web/blobs/uploads/7?state=x' }).end()
    : response.writeHead(204).end());

it('is given by a registry that begins an upload, which is given up at once', async () => {
  const { asked, proof } = await registryThat(signingIn(accepting));
  expect(await proof.mayPush('index.docker.io', 'acme/web', owner)).toBe(true);
  expect(asked).toEqual([
    'POST /v2/acme/web/blobs/uploads/ -',
    `GET /token ${basic}`,
    'POST /v2/acme/web/blobs/uploads/ Bearer granted',
    'DELETE /v2/acme/web/blobs/uploads/7 Bearer granted',
  ]);
});

it('sends the credential to nobody whom the upload leads to', async () => {
  const elsewhere = await registryThat(accepting);
  const { asked, proof } = await registryThat(
    signingIn((_request, response) => void response.writeHead(202, { location: 'http://127.0.0.1:1/steal' }).end()),
  );
  expect(await proof.mayPush('docker.io', 'acme/web', owner)).toBe(true);
  expect(asked.filter((line) => line.startsWith('DELETE'))).toEqual([]);
  expect(elsewhere.asked).toEqual([]);
});

it.each<[string, Respond, typeof owner]>([
  ['a wrong password', signingIn(accepting), { username: 'olivia', password: 'wrong' }],
  ['somebody who may only pull', signingIn((_, response) => void response.writeHead(401).end()), owner],
  ['somebody who is refused', signingIn((_, response) => void response.writeHead(403).end()), owner],
  ['a registry that takes no pushes', signingIn((_, response) => void response.writeHead(405).end()), owner],
  ['a registry to which everybody may push', accepting, owner],
  ['a registry that does not say how to sign in', (_, response) => void response.writeHead(401).end(), owner],
])('is not given by %s', async (_what, respond, credential) => {
  const { proof } = await registryThat(respond);
  expect(await proof.mayPush('docker.io', 'acme/web', credential)).toBe(false);
});

it('is not told from a registry that fails', async () => {
  const { proof } = await registryThat(signingIn((_, response) => void response.writeHead(503).end()));
  await expect(proof.mayPush('docker.io', 'acme/web', owner)).rejects.toMatchObject({ code: 'unavailable' });
});

it.each([
  ['another registry than the gate pulls from', 'evil.test', 'acme/web', 'registry'],
  ['a host that is none', 'http://docker.io', 'acme/web', 'registry'],
  ['a path that leads elsewhere', 'docker.io', 'acme/../library/web', 'proof.repository'],
])('is not asked of %s', async (_what, registry, repository, field) => {
  const { asked, proof } = await registryThat(accepting);
  await expect(proof.mayPush(registry, repository, owner)).rejects.toMatchObject({ code: 'invalid-input', field });
  expect(asked).toEqual([]);
});
