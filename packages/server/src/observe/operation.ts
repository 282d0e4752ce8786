import { type Answer, jsonAnswer } from '../http/answer.ts';
import type { Metrics } from './metrics.ts';

export interface OperationOptions {
  readonly metrics: Metrics;
  /** Why the gate cannot take pulls now, or undefined when it can. */
  readonly notReady: () => Promise<string | undefined>;
}

export const alive: Answer = jsonAnswer(200, { status: 'ok' });

/** What whoever operates the gate asks: is the process alive, may it get traffic, how is it doing. */
export function createOperation({ metrics, notReady }: OperationOptions) {
  return async (path: string): Promise<Answer | undefined> => {
    switch (path) {
      case '/healthz':
        return alive;
      case '/readyz': {
        const reason = await notReady();
        return reason === undefined ? jsonAnswer(200, { status: 'ready' }) : jsonAnswer(503, { status: reason });
      }
      case '/metrics':
        return { status: 200, headers: { 'Content-Type': metrics.contentType }, body: await metrics.text() };
      default:
        return undefined;
    }
  };
}
