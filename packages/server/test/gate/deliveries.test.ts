import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@pullgate/small-registry';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportActivity } from '../../src/activity/export.ts';
import { openLog } from '../../src/observe/log.ts';
import { hashToken } from '../../src/tokens/secret.ts';
import { receiveSyslog } from '../activity/delivery/syslog-receiver.ts';
import { receiveWebhooks } from '../activity/delivery/webhook-receiver.ts';
import { actor, openSmallWorld, repositories, type SmallWorld, startTimeout } from './small-world.ts';

// What a running gate tells other systems, by itself.

const eventually = { timeout: 20_000, interval: 20 };
const certificate = selfSignedCertificate();
let folder: string;
let world: SmallWorld | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullgate-deliveries-'));
  await writeFile(join(folder, 'ca.pem'), certificate.cert);
});

afterEach(async () => {
  await world?.close();
  world = undefined;
  await rm(folder, { recursive: true });
}, startTimeout);

function messagesOf(receiver: { readonly messages: readonly string[] }) {
  return receiver.messages.map((message) => JSON.parse(message.slice(message.indexOf('{'))));
}

it('delivers changes and refusals to each target, whatever becomes of the others', { timeout: 120_000 }, async () => {
  const siem = await receiveWebhooks();
  const syslog = await receiveSyslog(certificate);
  let logged = '';
  const write = (line: string) => {
    logged += line;
  };
  const log = openLog('trace', { write });
  const nearby = 'allow_http: true, allow_private_addresses: true';
  world = await openSmallWorld({
    log,
    env: { SIEM: 'canary-signing-secret', DEAD: 'canary-other-secret' },
    settings: `activity:
  webhooks:
    siem: { url: '${siem.url}', secret: { env: SIEM }, refusals: true, ${nearby} }
    dead: { url: 'http://127.0.0.1:1/canary-in-the-path?key=canary-in-the-query', secret: { env: DEAD }, ${nearby} }
  syslog: { host: localhost, port: ${syslog.port}, ca: '${join(folder, 'ca.pem')}', refusals: true }
`,
  });

  // Neither a target that is away nor one that has much to take in holds a pull up, or makes the gate unready.
  const refused = await world.pull(world.member, `/v2/${repositories.community}/manifests/latest`);
  const allowed = await world.pull(world.member, `/v2/${repositories.official}/manifests/latest`);
  expect([refused.status, allowed.status]).toEqual([403, 200]);
  const token = await world.addOrganizationToken('acme', 'acme/web');
  await world.administration.organizations.setEnforceSignIn('acme', false, actor);

  const wanted = ['org.access_token.create', 'sign_in.update', 'pull.refused'];
  const types = () => siem.taken.map(({ body }) => JSON.parse(body).type);
  await expect.poll(types, eventually).toEqual(expect.arrayContaining(wanted));
  await expect
    .poll(() => messagesOf(syslog).map(({ action, verdict }) => action ?? verdict), eventually)
    .toEqual(expect.arrayContaining(['org.access_token.create', 'sign_in.update', 'deny']));
  expect(types().filter((type) => type === 'pull.refused')).toHaveLength(1);
  expect((await world.ask('/readyz')).status).toBe(200);

  const metrics = (await world.ask('/metrics')).body.toString();
  const lags = metrics.split('\n').filter((line) => line.startsWith('pullgate_delivery_lag_seconds{'));
  expect(lags.map((line) => line.split(' ')[0]).toSorted()).toEqual(
    ['syslog', 'syslog/refusals', 'webhook:dead', 'webhook:siem', 'webhook:siem/refusals'].map(
      (target) => `pullgate_delivery_lag_seconds{target="${target}"}`,
    ),
  );
  expect(Number(lags.find((line) => line.includes('webhook:dead'))?.split(' ')[1])).toBeGreaterThan(0);

  // No secret leaves with what is told: not in rows, exports and deliveries, and not in the log of the gate.
  const rows = await Promise.all(
    (['csv', 'jsonl'] as const).map(async (format) => {
      const { activity } = world?.administration ?? {};
      return activity && (await Array.fromAsync(exportActivity(activity.walk(), format))).join('');
    }),
  );
  const told = [...rows, JSON.stringify(siem.taken), ...syslog.messages, logged].join('\n');
  expect(told).toContain(token.tokenId);
  expect(logged).toContain('"target":"webhook:dead"');
  const secrets = [world.member.pat, world.owner.pat, token.pat].flatMap((pat) => [pat.slice(4), hashToken(pat)]);
  for (const secret of [...secrets, 'canary']) expect(told).not.toContain(secret);
});

it('delivers at its next start what happened while it was down', { timeout: 120_000 }, async () => {
  const siem = await receiveWebhooks();
  const settings = `activity:
  webhooks:
    siem: { url: '${siem.url}', secret: { env: SIEM }, allow_http: true, allow_private_addresses: true }
`;
  world = await openSmallWorld({ env: { SIEM: 'swordfish' }, settings });
  await world.gate.close();
  await world.administration.people.create({ username: 'offline' }, actor);
  expect(siem.taken).toEqual([]);
  await world.restart();
  await expect.poll(() => siem.taken.map(({ body }) => JSON.parse(body).data.name), eventually).toEqual(['offline']);
});
