import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry that begins an upload for whoever has the credential: by that, somebody proves whose a namespace is. */
export async function startPushRegistry(account: { readonly username: string; readonly password: string }) {
  const basic = `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`;
  const token = crypto.randomUUID();
  const server = createServer((request, response) => {
    const { method, url = '', headers } = request;
    request.resume();
    if (url.startsWith('/token')) {
      const isRight = headers.authorization === basic;
      response.writeHead(isRight ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isRight ? { token, expires_in: 300 } : { errors: [{ code: 'UNAUTHORIZED' }] }));
      return;
    }
    const [path = ''] = url.split('?', 1);
    const repository = /^\/v2\/(.+)\/blobs\/uploads\//.exec(path)?.[1];
    if (headers.authorization !== `Bearer ${token}`) {
      const challenge = `Bearer realm="${origin()}/token",service="push",scope="repository:${repository}:pull,push"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    } else if (method === 'POST') {
      response.writeHead(202, { location: `/v2/${repository}/blobs/uploads/1` }).end();
    } else response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: origin(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
