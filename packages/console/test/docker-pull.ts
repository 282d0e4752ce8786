import type { HubWorld } from '../../server/test/hub-api/hub-world.ts';
import type { Answer } from '../../server/test/hub-api/wire.ts';

/** As `docker login` takes it. */
export interface Login {
  readonly username: string;
  /** A personal access token. */
  readonly secret: string;
}

const agent = { 'user-agent': 'docker/29.0.1 go/go1.25.4 kernel/6.12 os/linux arch/amd64' };
const accept =
  'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';

/**
 * Sends what `docker pull` sends for an image: it is challenged, gets a token, and asks for the manifest.
 *
 * @returns the manifest, or the answer that refused
 */
export async function dockerPull(
  hub: Pick<HubWorld, 'ask'>,
  login: Login,
  repository: string,
  tag = 'latest',
): Promise<Answer> {
  const challenge = await hub.ask({ path: '/v2/', headers: agent });
  const [, realm = '', service = ''] = /^Bearer realm="([^"]+)",service="([^"]+)"/.exec(challengeOf(challenge)) ?? [];
  const query = new URLSearchParams({ account: login.username, scope: `repository:${repository}:pull`, service });
  const basic = Buffer.from(`${login.username}:${login.secret}`).toString('base64');
  const path = `${new URL(realm).pathname}?${query}`;
  const granted = await hub.ask({ path, headers: { ...agent, authorization: `Basic ${basic}` } });
  if (granted.status !== 200) return granted;
  const { token } = granted.json<{ token: string }>();
  const headers = { ...agent, accept, authorization: `Bearer ${token}` };
  return hub.ask({ path: `/v2/${repository}/manifests/${tag}`, headers });
}

function challengeOf({ headers }: Answer): string {
  return headers['www-authenticate'] ?? '';
}
