import { parseArguments, usage } from './arguments.ts';
import { type DemoFacts, type Emphasize, jsonReport, textReport } from './report.ts';

/** A demo that accepts connections. */
export interface Demo {
  readonly facts: DemoFacts;
  /** Ends every server and removes what was written. */
  close(): Promise<void>;
}

/** What the demo needs of the process it runs in. */
export interface Surroundings {
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  readonly emphasize: Emphasize;
  /** Settles when somebody wants the demo to end. */
  readonly ended: Promise<unknown>;
}

/** Runs until it is ended. Gives the exit code: 0, 1 when it cannot start, 2 for a mistake on the command line. */
export async function runDemo(
  words: readonly string[],
  start: (port: number) => Promise<Demo>,
  { print, complain, emphasize, ended }: Surroundings,
): Promise<number> {
  const chosen = parseArguments(words);
  if (chosen.kind === 'help') {
    print(usage);
    return 0;
  }
  if (chosen.kind === 'mistake') {
    complain(`${chosen.message}\n\n${usage}`);
    return 2;
  }
  try {
    const demo = await start(chosen.port);
    print(chosen.json ? `${jsonReport(demo.facts)}\n` : `\n${textReport(demo.facts, emphasize)}\n`);
    await ended;
    await demo.close();
    return 0;
  } catch (error) {
    if (!isAddressInUse(error)) throw error;
    complain(
      `Port ${chosen.port} is taken. Choose another: npm run demo -- --port N, or take a free one with --port 0.\n`,
    );
    return 1;
  }
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
