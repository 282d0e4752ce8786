import { createHmac } from 'node:crypto';
import { endpoints } from '@pullgate/contract';
import { type HubWorld, openHubWorld, type Person } from '../hub-api/hub-world.ts';
import type { ExampleWorld } from './endpoint-examples.ts';
import { createCallers, type MatrixCaller } from './matrix-callers.ts';

export interface MatrixWorld extends ExampleWorld {
  readonly callers: readonly MatrixCaller[];
  /** Bearer of the SCIM of umbrella. */
  readonly umbrellaScim: string;
}

/** Two organizations, with everything in them that an endpoint can be asked about. */
export async function openMatrixWorld(): Promise<MatrixWorld> {
  const hub = await openHubWorld({ mail: true });
  try {
    const owner = await hub.addPerson('owen', 'acme', 'owner');
    const member = await hub.addPerson('max');
    const tina = await hub.addPerson('tina');
    const uma = await hub.addOrganization('umbrella', 'uma');
    await hub.proveDomain('acme', 'staff.example');
    await hub.proveDomain('acme', 'acme.example');
    await hub.proveDomain('umbrella', 'umbrella.example');
    const [connection, scim] = await provisioning(hub, owner, 'acme', 'staff.example');
    const [, umbrellaScim] = await provisioning(hub, uma, 'umbrella', 'umbrella.example');
    const secondFactor = await addSecondFactor(hub, tina);
    const decision = await refusedPull(hub, member);
    const scopes = endpoints.flatMap(({ permission }) =>
      'organizationToken' in permission && permission.organizationToken !== 'any' ? [permission.organizationToken] : [],
    );
    const cookie = await hub.browserCookie(owner);
    const callers = await createCallers(
      hub,
      { owner, member, uma },
      { scim, cookie, scopes: [...new Set(scopes)].sort() },
    );
    return { hub, owner, member, decision, connection, scim, umbrellaScim, secondFactor, callers };
  } catch (error) {
    await hub.close();
    throw error;
  }
}

async function provisioning(
  hub: HubWorld,
  owner: Person,
  organization: string,
  domain: string,
): Promise<readonly [string, string]> {
  const path = `/v2/orgs/${organization}/sso/connections`;
  const { id } = await hub.must<{ id: string }>(owner, 'POST', path, {
    protocol: 'saml',
    name: 'staff',
    domains: [domain],
    saml: { entry_point: `https://idp.${domain}/sso`, entity_id: `https://idp.${domain}`, certificate: hub.ca },
  });
  const { token } = await hub.must<{ token: string }>(owner, 'POST', `${path}/${id}/scim-token`);
  return [id, token];
}

/** A policy and a pull that it refuses. */
async function refusedPull(hub: HubWorld, member: Person): Promise<string> {
  const { secret } = await hub.addPersonalToken(member, 'repo:read');
  const token = await hub.registryToken({ username: member.username, secret }, 'somebody/miner');
  await hub.must(hub.olivia, 'PATCH', '/v2/orgs/acme/image-access', { enabled: true });
  const answer = await hub.pull(token, 'somebody/miner');
  const id = /\/d\/([0-9a-z]+)/.exec(answer.text)?.[1];
  if (answer.status !== 403 || id === undefined) throw new Error(`The pull was not refused: ${answer.text}`);
  return id;
}

/** Switches a second factor on, as a browser does. */
async function addSecondFactor(hub: HubWorld, person: Person): Promise<ExampleWorld['secondFactor']> {
  const { username, password } = person;
  const { body, cookie: signedIn } = await hub.browser<{ totpURI: string }>(
    await hub.browserCookie(person),
    '/two-factor/enable',
    { password },
  );
  const code = totp(new URL(body.totpURI).searchParams.get('secret') ?? '', Date.now());
  const { cookie } = await hub.browser(signedIn, '/two-factor/verify-totp', { code });
  let codes: string[] = [];
  return async () => {
    // Each code is good once, those of the app as well.
    if (codes.length === 0) {
      const made = await hub.browser<{ backupCodes: string[] }>(cookie, '/two-factor/generate-backup-codes', {
        password,
      });
      codes = made.body.backupCodes;
    }
    const answer = await hub.as(undefined, 'POST', '/v2/users/login', { username, password });
    const { login_2fa_token } = answer.json<{ login_2fa_token: string }>();
    return { login_2fa_token, code: codes.pop() ?? '' };
  };
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 6238, with the usual parameters. */
function totp(secret: string, at: number): string {
  const bits = [...secret].map((letter) => base32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}
