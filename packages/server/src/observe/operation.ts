import { type Answer, jsonAnswer } from '../http/answer.ts';
import type { Metrics } from './metrics.ts';

export interface OperationOptions {
  readonly metrics: Metrics;
  readonly dependencies: Dependencies;
}

export const alive: Answer = jsonAnswer(200, { status: 'ok' });

/** What pulls depend on. */
export interface Dependencies {
  /** Whether it answers. */
  readonly database: () => Promise<boolean>;
  readonly recorder: { readonly isFailing: boolean };
  readonly directory: { readonly isUpToDate: boolean };
}

/** Why the gate cannot take pulls now, or undefined when it can. */
async function whyNotReady({ database, recorder, directory }: Dependencies): Promise<string | undefined> {
  if (!(await database())) return 'the database does not answer';
  if (recorder.isFailing) return 'pulls cannot be recorded';
  if (!directory.isUpToDate) return 'changes cannot be read from the database';
  return undefined;
}

/** What whoever operates the gate asks: is the process alive, may it get traffic, how is it doing. */
export function createOperation({ metrics, dependencies }: OperationOptions) {
  return async (path: string): Promise<Answer | undefined> => {
    switch (path) {
      case '/healthz':
        return alive;
      case '/readyz': {
        const reason = await whyNotReady(dependencies);
        return reason === undefined ? jsonAnswer(200, { status: 'ready' }) : jsonAnswer(503, { status: reason });
      }
      case '/metrics':
        return { status: 200, headers: { 'Content-Type': metrics.contentType }, body: await metrics.text() };
      default:
        return undefined;
    }
  };
}
