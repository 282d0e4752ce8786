import { Agent, request } from 'undici';
import { signatureHeaders } from './signature.ts';
import { type AddressGuard, DeliveryError, type Event, type Target } from './target.ts';

export interface WebhookOptions {
  readonly name: string;
  readonly url: string;
  readonly key: Buffer;
  readonly guard: AddressGuard;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds for a whole delivery. */
  readonly timeoutMs?: number;
}

/** What is read of an answer; the rest is of no interest. */
const answerLimit = 16 * 1024;

/** Posts each event as one signed JSON document. Any 2xx is a receipt; nothing else is, redirects included. */
export function createWebhook({ name, url, key, guard, now, timeoutMs = 10_000 }: WebhookOptions): Target {
  const agent = new Agent({
    allowH2: false,
    connections: 1,
    connect: { lookup: guard.lookup, timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });

  async function post(event: Event, signal: AbortSignal): Promise<number> {
    guard.checkHost(new URL(url).hostname);
    const { id, type, at, document } = event;
    const body = JSON.stringify({ id, type, timestamp: new Date(at).toISOString(), data: document });
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'pullgate',
      ...signatureHeaders(key, id, Math.floor(now() / 1000), body),
    };
    const answer = await request(url, { dispatcher: agent, method: 'POST', headers, body, signal });
    await answer.body.dump({ limit: answerLimit, signal });
    return answer.statusCode;
  }

  return {
    name: `webhook:${name}`,
    batch: 1,
    async send(events, signal) {
      for (const event of events) {
        const status = await post(event, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])).catch((error) => {
          throw new DeliveryError(`The webhook ${name} cannot be reached: ${reasonOf(error)}.`);
        });
        if (status < 200 || status > 299) throw new DeliveryError(`The webhook ${name} answered ${status}.`);
      }
    },
    close: () => agent.destroy(),
  };
}

/** Never the message: it may hold the address, and with it a secret. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
