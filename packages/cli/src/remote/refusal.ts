import { ApiError, sentences } from '@pullgate/contract';
import { type ExitCode, exitCode } from '../exit-code.ts';
import { Failure } from '../failure.ts';
import { oneLine } from '../output/one-line.ts';
import type { Shell } from '../shell.ts';

const codes: Readonly<Record<number, ExitCode>> = {
  401: exitCode.unauthorized,
  403: exitCode.forbidden,
  404: exitCode.notFound,
  409: exitCode.conflict,
  412: exitCode.conflict,
};

/**
 * What to tell of an answer that is no success.
 *
 * @param nameOf what the command line calls a field of the request
 */
export function refusalOf(
  { status, detail, fields, retryAfter }: ApiError,
  { program }: Pick<Shell, 'program'>,
  nameOf: (field: string) => string = (field) => field,
): Failure {
  const reasons = Object.entries(fields).flatMap(([field, texts]) => texts.map((text) => `${nameOf(field)}: ${text}`));
  const code = status === 400 && reasons.length > 0 ? exitCode.usage : codes[status];
  const told = (reasons.length === 0 ? [detail] : reasons).map(oneLine).join('\n');
  const next = nextStep(status, detail, retryAfter, program);
  return new Failure(next === undefined ? told : `${told.replace(/([^.!?])$/, '$1.')} ${next}`, code);
}

function nextStep(status: number, detail: string, retryAfter: number | undefined, program: string) {
  if (status === 401) return `Sign in again: ${program} login`;
  if (detail === sentences.personalTokenRefused) return `Sign in with a password for this: ${program} login`;
  if (status === 429 && retryAfter !== undefined) return `Try again in ${retryAfter} s.`;
  return undefined;
}

/** Runs what asks the gate, and turns its refusals into failures that a person can act on. */
export async function orFailure<T>(
  shell: Pick<Shell, 'program'>,
  ask: () => Promise<T>,
  nameOf?: (field: string) => string,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError) throw refusalOf(error, shell, nameOf);
    // What answers is no JSON where the gate would have sent some.
    if (error instanceof SyntaxError) throw new Failure('What answers there is no gate. Is the address right?');
    throw error;
  }
}
