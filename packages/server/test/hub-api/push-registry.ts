import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PushAccount {
  readonly username: string;
  readonly password: string;
  /** The only repository that it may push to; undefined when it is everyone, new ones too. */
  readonly repository?: string;
}

/** A registry that begins an upload for whoever has the credential: by that, somebody proves whose a namespace is. */
export async function startPushRegistry(...accounts: readonly PushAccount[]) {
  const byBasic = new Map(
    accounts.map((account) => [Buffer.from(`${account.username}:${account.password}`).toString('base64'), account]),
  );
  const byToken = new Map<string, PushAccount>();

  function newToken(account: PushAccount): string {
    const token = crypto.randomUUID();
    byToken.set(`Bearer ${token}`, account);
    return token;
  }

  const server = createServer((request, response) => {
    const { method, url = '', headers } = request;
    request.resume();
    if (url.startsWith('/token')) {
      const account = byBasic.get(headers.authorization?.replace(/^Basic /, '') ?? '');
      const body = account ? { token: newToken(account), expires_in: 300 } : { errors: [{ code: 'UNAUTHORIZED' }] };
      response.writeHead(account ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return;
    }
    const [path = ''] = url.split('?', 1);
    const repository = /^\/v2\/(.+)\/blobs\/uploads\//.exec(path)?.[1];
    const account = byToken.get(headers.authorization ?? '');
    if (account === undefined) {
      const challenge = `Bearer realm="${origin()}/token",service="push",scope="repository:${repository}:pull,push"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    } else if (account.repository !== undefined && account.repository !== repository) {
      response.writeHead(403).end();
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
