import path from 'node:path';
import { isSigningSecret } from '../activity/delivery/signature.ts';
import type { Complain } from './complaints.ts';
import type { ActivityConfiguration, SyslogConfiguration, WebhookConfiguration } from './configuration.ts';
import type { ActivitySettings } from './schema.ts';
import type { SecretReader } from './secrets.ts';

/** Names a webhook in positions, metrics and logs. */
const webhookName = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Relative paths are relative to `folder`. */
export function resolveActivity(
  { retention, webhooks, syslog }: ActivitySettings,
  folder: string,
  secrets: SecretReader,
  complain: Complain,
): ActivityConfiguration {
  return {
    retentionMs: retention,
    webhooks: Object.entries(webhooks).flatMap(
      ([name, webhook]) => resolveWebhook(name, webhook, secrets, complain) ?? [],
    ),
    syslog: resolveSyslog(syslog, folder, complain),
  };
}

function resolveWebhook(
  name: string,
  { url, secret, refusals, allow_http, allow_private_addresses }: ActivitySettings['webhooks'][string],
  secrets: SecretReader,
  complain: Complain,
): WebhookConfiguration | undefined {
  const at = ['activity', 'webhooks', name];
  if (!webhookName.test(name)) {
    const expected = 'a name of lower-case letters, digits and hyphens';
    complain({ path: at, part: 'key', expected, found: JSON.stringify(name) });
  }
  if (url.startsWith('http:') && !allow_http) {
    const expected = 'an https address, or allow_http: true beside it';
    complain({ path: [...at, 'url'], part: 'value', expected, found: 'an http address' });
  }
  const text = secrets.read(secret, [...at, 'secret']);
  if (text === undefined) return undefined;
  if (!isSigningSecret(text.reveal())) {
    const expected = 'Base64 behind whsec_, or a secret that begins otherwise';
    complain({ path: [...at, 'secret'], part: 'value', expected, found: 'another text behind whsec_' });
  }
  return { name, url, secret: text, refusals, allowPrivateAddresses: allow_private_addresses };
}

function resolveSyslog(
  { host, port, ca, certificate, key, refusals }: ActivitySettings['syslog'],
  folder: string,
  complain: Complain,
): SyslogConfiguration | undefined {
  const at = (setting: string) => ['activity', 'syslog', setting];
  if (certificate !== undefined && key === undefined) {
    complain({ path: at('certificate'), part: 'key', expected: 'a key beside it', found: 'none' });
  }
  if (key !== undefined && certificate === undefined) {
    complain({ path: at('key'), part: 'key', expected: 'a certificate beside it', found: 'none' });
  }
  if (host === undefined) {
    for (const [setting, value] of Object.entries({ ca, certificate, key })) {
      if (value !== undefined)
        complain({ path: at(setting), part: 'key', expected: 'a host beside it', found: 'none' });
    }
    return undefined;
  }
  const client =
    certificate === undefined || key === undefined
      ? undefined
      : { certificate: path.resolve(folder, certificate), key: path.resolve(folder, key) };
  return { host, port, ca: ca === undefined ? undefined : path.resolve(folder, ca), client, refusals };
}
