import type { Writable } from 'node:stream';

/** What a command sees of the process it runs in. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** Results: what a script reads. */
  readonly stdout: Stream;
  /** Everything else: progress, hints, errors. */
  readonly stderr: Stream;
  /** How this program is called from here: `pullgate` or `npx pullgate`, with what was said of where the installation is. */
  readonly program: string;
  /** Login name of who runs the command; it is what the activity shows. */
  readonly user: string;
  /** All that is piped in, at most so many characters; undefined when that is a terminal. */
  input(most: number): Promise<string | undefined>;
  /** Asks whoever sits at the terminal; undefined when nobody does. A secret is not shown while it is typed. */
  ask(question: string, kind: 'text' | 'secret'): Promise<string | undefined>;
  /** Aborts at the first Ctrl-C or SIGTERM. Asking for it takes over these signals. */
  interruption(): AbortSignal;
}

export type Stream = Writable & { readonly isTTY?: boolean; readonly columns?: number };
