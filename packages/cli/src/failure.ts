import { type ExitCode, exitCode } from './exit-code.ts';

/** What a command cannot do. The message is a sentence that tells what to do next; it is shown as it is. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: ExitCode;

  constructor(message: string, code: ExitCode = exitCode.failure) {
    super(message);
    this.exitCode = code;
  }
}

/** The command line says too little, too much, or something that has no meaning. */
export function usage(message: string): Failure {
  return new Failure(message, exitCode.usage);
}
