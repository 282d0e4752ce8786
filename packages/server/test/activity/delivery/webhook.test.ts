import { createHmac } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Event } from '../../../src/activity/delivery/target.ts';
import { createWebhook, type WebhookOptions } from '../../../src/activity/delivery/webhook.ts';
import { createAddressGuard } from '../../../src/upstream/guard.ts';
import { event, events, now } from './events.ts';
import { receiveWebhooks } from './webhook-receiver.ts';

const key = Buffer.from('swordfish');
const never = new AbortController().signal;

function webhookTo(url: string, options: Partial<WebhookOptions> = {}) {
  const guard = createAddressGuard({ allowPrivate: true });
  const webhook = createWebhook({ name: 'siem', url, key, guard, now: () => now, ...options });
  onTestFinished(() => webhook.close());
  return webhook;
}

/** What the operator reads. */
async function complaintOf(sending: Promise<void>): Promise<string> {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'DeliveryError' });
  return (error as Error).message;
}

describe('a webhook', () => {
  it('posts each event as one signed document', async () => {
    const receiver = await receiveWebhooks();
    await webhookTo(receiver.url).send(events(2), never);
    expect(receiver.taken).toHaveLength(2);
    for (const [index, { headers, body }] of receiver.taken.entries()) {
      const { id, type, document } = event(index);
      expect(JSON.parse(body)).toEqual({ id, type, timestamp: '2027-01-15T08:00:00.000Z', data: document });
      const signed = createHmac('sha256', key)
        .update(`${id}.${now / 1000}.${body}`)
        .digest('base64');
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'user-agent': 'pullgate',
        'webhook-id': id,
        'webhook-timestamp': String(now / 1000),
        'webhook-signature': `v1,${signed}`,
      });
    }
  });

  it.each([301, 307, 400, 401, 410, 429, 500, 503])('takes %i for no receipt', async (status) => {
    const receiver = await receiveWebhooks(() => status);
    expect(await complaintOf(webhookTo(receiver.url).send(events(2), never))).toBe(
      `The webhook siem answered ${status}.`,
    );
    expect(receiver.seen).toHaveLength(1);
  });

  it('does not wait for ever', async () => {
    const receiver = await receiveWebhooks(() => undefined);
    const sending = webhookTo(receiver.url, { timeoutMs: 50 }).send(events(1), never);
    expect(await complaintOf(sending)).toMatch(/^The webhook siem cannot be reached: /);
  });

  it('stops when the gate closes', async () => {
    const closing = new AbortController();
    const receiver = await receiveWebhooks(() => {
      closing.abort();
      return undefined;
    });
    expect(await complaintOf(webhookTo(receiver.url).send(events(1), closing.signal))).toMatch(/cannot be reached/);
  });

  it('tells nothing of its address, which may hold a secret', async () => {
    const receiver = await receiveWebhooks(() => 500);
    const refused = 'http://127.0.0.1:1/hook?key=hunter2';
    for (const url of [receiver.url, refused, 'http://nowhere.invalid/hook?key=hunter2']) {
      expect(await complaintOf(webhookTo(url).send(events(1), never))).not.toMatch(/hunter2|127\.0\.0\.1|invalid/);
    }
  });

  const guarded: readonly (readonly [string, boolean])[] = [
    ['http://127.0.0.1', false],
    ['http://[::1]', false],
    ['http://localhost', false],
    ['http://2130706433', false],
    ['http://169.254.169.254', true],
    ['http://[::ffff:169.254.169.254]', true],
  ];

  it.each(guarded)('is not led to %s; private addresses allowed: %s', async (origin, allowPrivate) => {
    const receiver = await receiveWebhooks();
    const guard = createAddressGuard({ allowPrivate });
    const sending = webhookTo(`${origin}:${receiver.port}/`, { guard }).send(events(1), never);
    expect(await complaintOf(sending)).toBe('The webhook siem cannot be reached: AddressRefused.');
    expect(receiver.seen).toEqual([]);
  });

  it('sends the same id at every attempt', async () => {
    const receiver = await receiveWebhooks((_received, count) => (count === 1 ? 500 : 200));
    const webhook = webhookTo(receiver.url);
    const [first] = events(1) as [Event];
    await complaintOf(webhook.send([first], never));
    await webhook.send([first], never);
    expect(receiver.seen.map(({ headers }) => headers['webhook-id'])).toEqual([first.id, first.id]);
  });
});
