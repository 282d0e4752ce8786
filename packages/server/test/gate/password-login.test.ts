import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Installation, openInstallation } from '../../src/index.ts';
import { actor, basic, openSmallWorld, repositories, type SmallWorld, startTimeout } from './small-world.ts';

// `docker login` with a console password: only where every organization of the person takes it, and never in place of a
// second factor.

const password = 'correct horse battery staple';
const max = { username: 'max', pat: password };

let world: SmallWorld;
let installation: Installation;
beforeAll(async () => {
  world = await openSmallWorld();
  installation = await openInstallation(world.configuration);
  await installation.setPassword('max', password, actor);
}, startTimeout);
afterAll(async () => {
  await installation.close();
  await world.close();
}, startTimeout);

const login = (account: { username: string; pat: string }, query = '') =>
  world.ask(`/token${query}`, { headers: { authorization: basic(account) } });
const signsIn = async () => (await login(max)).status === 200;
const signsInNoMore = async () => (await login(max)).status === 401;
const accept = (organization: string, accepted: boolean) =>
  world.administration.settings.setTokenRules(organization, { passwordLogin: accepted }, actor);

/** The rest of the path of an image that everybody may pull. */
const image = `/v2/${repositories.official}/manifests/latest`;

describe('docker login with a console password', () => {
  it('is refused at first, and tells what to give instead', async () => {
    const answer = await login(max);
    expect(answer.status).toBe(401);
    expect(answer.reason).toContain('personal access token as password');
  });

  it('is taken as soon as the organization takes it, and pulls what the person may pull', async () => {
    await accept('acme', true);
    await world.settle(signsIn);
    expect((await world.pull({ ...max, tokenId: '' }, image)).status).toBe(200);
    expect((await world.pull({ ...max, tokenId: '' }, `/v2/${repositories.community}/manifests/latest`)).status).toBe(
      403,
    );
    expect((await login({ ...max, pat: 'wrong password' })).status).toBe(401);
    expect((await login(world.member)).status).toBe(200);
  });

  it('has to be given each time: no refresh token stands for it', async () => {
    const body = new URLSearchParams({
      grant_type: 'password',
      username: 'max',
      password,
      service: `localhost:${world.gate.port}`,
      access_type: 'offline',
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await world.ask('/token', { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    expect(Object.keys(JSON.parse(answer.body.toString()))).not.toContain('refresh_token');
  });

  it('is refused while another organization of the person does not take it', async () => {
    await world.administration.organizations.create({ name: 'strict' }, actor);
    await world.administration.members.add('strict', { username: 'max', role: 'member' }, actor);
    await world.settle(signsInNoMore);
    await world.administration.members.remove('strict', 'max', actor);
    await world.settle(signsIn);
  });

  it('stops with the next request after the password was replaced, however young the token is', async () => {
    const bearer = await world.token({ ...max, tokenId: '' }, repositories.official);
    const pull = async () => (await world.ask(image, { headers: { authorization: `Bearer ${bearer}` } })).status;
    expect(await pull()).toBe(200);
    await installation.setPassword('max', 'another long password', actor);
    await world.settle(async () => (await pull()) === 401);
    await installation.setPassword('max', password, actor);
    await world.settle(signsIn);
  });

  it('stops with the next request after the organization no longer takes it', async () => {
    const bearer = await world.token({ ...max, tokenId: '' }, repositories.official);
    await accept('acme', false);
    await world.settle(
      async () => (await world.ask(image, { headers: { authorization: `Bearer ${bearer}` } })).status === 401,
    );
    await accept('acme', true);
    await world.settle(signsIn);
  });

  it('is limited when it is wrong', async () => {
    const statuses: string[] = [];
    for (let count = 0; count < 7; count++)
      statuses.push((await login({ username: 'olivia', pat: 'wrong password' })).reason);
    expect(statuses.at(-1)).toMatch(/^Too many wrong passwords/);
  });

  it('is refused from somebody with a second factor, at once', async () => {
    const bearer = await world.token({ ...max, tokenId: '' }, repositories.official);
    await enableSecondFactor();
    expect((await world.ask(image, { headers: { authorization: `Bearer ${bearer}` } })).status).toBe(401);
    expect((await login(max)).status).toBe(401);
    expect((await login(world.member)).status).toBe(200);
  });
});

/** In the browser, as `max`. */
async function enableSecondFactor(): Promise<void> {
  let cookie = '';
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json', origin: world.gate.url, ...(cookie && { cookie }) };
    const answer = await world.ask(`/api/auth${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
    cookie = (answer.headers['set-cookie'] ?? [cookie]).map((line) => line.split(';')[0]).join('; ');
    return JSON.parse(answer.body.toString());
  };
  await post('/sign-in/username', { username: 'max', password });
  const { totpURI } = await post('/two-factor/enable', { password });
  await post('/two-factor/verify-totp', { code: codeOf(totpURI) });
}

/** RFC 6238. */
function codeOf(uri: string): string {
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const bits = [...secret].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'));
  const bytes =
    bits
      .join('')
      .match(/.{8}/g)
      ?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', Buffer.from(bytes)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
