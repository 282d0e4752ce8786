import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIdentityProviderFetch } from '../../src/upstream/identity-provider-fetch.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function open(options = { allowPrivateAddresses: true, allowHttp: true }) {
  const providers = createIdentityProviderFetch(options);
  onTestFinished(() => providers.close());
  return providers.fetch;
}

describe('asking an identity provider', () => {
  it('sends forms and gives answers', async () => {
    const url = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (text) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify([request.method, request.headers['x-one'], text]));
      });
    });
    const body = new URLSearchParams({ grant_type: 'authorization_code' });
    const answer = await open()(url, { method: 'POST', body, headers: { 'x-one': '1' } });
    expect(await answer.json()).toEqual(['POST', '1', 'grant_type=authorization_code']);
  });

  it.each([
    ['on a private address', { allowPrivateAddresses: false, allowHttp: true }],
    ['by plain HTTP', { allowPrivateAddresses: true, allowHttp: false }],
  ])('reaches none %s, unless the operator says so', async (_what, options) => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.end('{}');
    });
    await expect(open(options)(url)).rejects.toThrow();
    expect(asked).toEqual([]);
  });

  it.each(['http://169.254.169.254/latest/meta-data', 'http://[::ffff:169.254.169.254]/', 'file:///etc/passwd'])(
    'never reaches %s',
    async (url) => {
      await expect(open()(url)).rejects.toThrow();
    },
  );

  it('follows no redirect', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/secret') return void response.end('secret');
      response.writeHead(302, { location: '/secret' }).end();
    });
    const answer = await open()(url);
    expect([answer.status, await answer.text()]).toEqual([302, '']);
  });

  it('reads no endless answer', async () => {
    const url = await serve((_request, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', write);
      write();
    });
    await expect(open()(url)).rejects.toThrow();
  });
});
