import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/configuration/load.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'pullgate-configuration-'));
  writeFileSync(path.join(cwd, 'secret'), 'swordfish\n');
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function load(yaml: string, env: Readonly<Record<string, string>> = {}) {
  writeFileSync(path.join(cwd, 'pullgate.yaml'), yaml);
  return loadConfiguration({ env, cwd }).activity;
}

const whole = `
activity:
  retention: 730 days
  webhooks:
    siem: { url: 'https://siem.example/hook?key=hunter2', secret: { file: secret }, refusals: true }
    chat: { url: 'http://127.0.0.1:9/', secret: { env: CHAT }, allow_http: true, allow_private_addresses: true }
  syslog: { host: logs.example, ca: ca.pem, certificate: gate.pem, key: /etc/gate.key }
`;

describe('activity', () => {
  test('is kept and stays here unless something else is said', () => {
    expect(load('')).toEqual({ retentionMs: undefined, webhooks: [], syslog: undefined });
  });

  test('has a retention, webhooks by name and a syslog receiver', () => {
    const activity = load(whole, { CHAT: 'whsec_c3dvcmRmaXNo' });
    expect(activity).toMatchObject({
      retentionMs: 730 * 86_400_000,
      webhooks: [
        { name: 'siem', url: 'https://siem.example/hook?key=hunter2', refusals: true, allowPrivateAddresses: false },
        { name: 'chat', url: 'http://127.0.0.1:9/', refusals: false, allowPrivateAddresses: true },
      ],
      syslog: {
        host: 'logs.example',
        port: 6514,
        ca: path.join(cwd, 'ca.pem'),
        client: { certificate: path.join(cwd, 'gate.pem'), key: '/etc/gate.key' },
        refusals: false,
      },
    });
    expect(activity.webhooks.map(({ secret }) => secret.reveal())).toEqual(['swordfish', 'whsec_c3dvcmRmaXNo']);
    expect(JSON.stringify(activity) + inspect(activity, { depth: 9 })).not.toMatch(/swordfish|c3dvcmRmaXNo/);
  });

  test('takes its retention from the environment first', () => {
    expect(load(whole, { CHAT: 'x', PULLGATE_ACTIVITY_RETENTION: '1 day' }).retentionMs).toBe(86_400_000);
  });
});

test.each([
  [
    'plain http',
    "webhooks: { siem: { url: 'http://siem.example/?key=hunter2', secret: { file: secret } } }",
    'pullgate.yaml:2:28: activity.webhooks.siem.url: expected an https address, or allow_http: true beside it, found an http address',
  ],
  [
    'an address that is none, which is not printed',
    "webhooks: { siem: { url: 'ftp://siem.example/?key=hunter2', secret: { file: secret } } }",
    'pullgate.yaml:2:28: activity.webhooks.siem.url: expected the https address of a webhook, found a text (not shown)',
  ],
  [
    'a secret in the file itself, which is not printed',
    'webhooks: { siem: { url: https://siem.example, secret: hunter2 } }',
    'pullgate.yaml:2:58: activity.webhooks.siem.secret: expected { file: /path } or { env: VARIABLE }, which say where the secret is kept, found a text (not shown)',
  ],
  [
    'a secret that libraries cannot read, which is not printed',
    'webhooks: { siem: { url: https://siem.example, secret: { env: BAD } } }',
    'pullgate.yaml:2:58: activity.webhooks.siem.secret: expected Base64 behind whsec_, or a secret that begins otherwise, found another text behind whsec_',
  ],
  [
    'a webhook without a secret',
    'webhooks: { siem: { url: https://siem.example } }',
    'pullgate.yaml:2:15: activity.webhooks.siem.secret: expected { file: /path } or { env: VARIABLE }, which say where the secret is kept, found nothing',
  ],
  [
    'a name that cannot be a label',
    'webhooks: { "a b": { url: https://siem.example, secret: { file: secret } } }',
    'pullgate.yaml:2:15: activity.webhooks.a b: expected a name of lower-case letters, digits and hyphens, found "a b"',
  ],
  [
    'files of a receiver that is not named',
    'syslog: { ca: ca.pem }',
    'pullgate.yaml:2:13: activity.syslog.ca: expected a host beside it, found none',
  ],
  [
    'half of a certificate',
    'syslog: { host: logs.example, key: gate.key }',
    'pullgate.yaml:2:33: activity.syslog.key: expected a certificate beside it, found none',
  ],
])('%s is a mistake', (_what, yaml, complaint) => {
  expect(() => load(`activity:\n  ${yaml}\n`, { BAD: 'whsec_hunter2!' })).toThrow(
    expect.objectContaining({ message: complaint }),
  );
});
