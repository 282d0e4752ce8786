import { existsSync } from 'node:fs';
import {
  type Actor,
  type Configuration,
  type Installation,
  loadConfiguration,
  openInstallation,
} from '@pullgate/server';
import type { Command } from 'commander';
import type { CommonOptions } from './command.ts';
import type { ExitCode } from './exit-code.ts';
import { Failure } from './failure.ts';
import { withOthers } from './not-found.ts';
import { createOutput, type Output } from './output/output.ts';
import { withProgress } from './output/progress.ts';
import type { Shell } from './shell.ts';

/** One run of the command line. */
export interface Cli {
  readonly shell: Shell;
  /** What the process ends with when nothing fails. */
  exitCode: ExitCode;
}

/** What a command works with. */
export interface Session<Options> {
  readonly shell: Shell;
  readonly options: Options & CommonOptions;
  readonly output: Output;
  /** Who changes something, as the activity shows it. */
  readonly actor: Actor;
  /** Throws `ConfigurationError`. */
  configuration(): Configuration;
  /** Opens the installation's data for as long as the work takes. */
  withInstallation<T>(work: Work<T>, options?: { readonly mayBeNew?: true }): Promise<T>;
}

type Work<T> = (installation: Installation) => Promise<T>;

/** Turns what a command does into what commander calls. Arguments and options are read from the command itself. */
export function action<Options, Arguments extends readonly unknown[] = []>(
  cli: Cli,
  body: (session: Session<Options>, ...args: Arguments) => Promise<ExitCode>,
): (...received: unknown[]) => Promise<void> {
  return async (...received) => {
    const command = received.at(-1) as Command;
    const options = command.optsWithGlobals<Options & CommonOptions>();
    const session = createSession<Options>(withConfig(cli.shell, options.config), options);
    cli.exitCode = await body(session, ...(command.processedArgs as unknown as Arguments));
  };
}

/** What the environment may say of where an installation is. */
const locating = ['PULLGATE_CONFIG', 'PULLGATE_DATA'] as const;

/** What hints tell to run next must find the same installation, also where it is run from another shell. */
function withConfig(shell: Shell, file: string | undefined): Shell {
  const said = locating.flatMap((name) => {
    const value = shell.env[name];
    const counts = value && !(name === 'PULLGATE_CONFIG' && file !== undefined);
    return counts ? [`${name}=${wordOf(value)}`] : [];
  });
  const option = file === undefined ? [] : ['--config', wordOf(file)];
  return { ...shell, program: [...said, shell.program, ...option].join(' ') };
}

function wordOf(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function createSession<Options>(shell: Shell, options: Options & CommonOptions): Session<Options> {
  const configuration = () => loadConfiguration({ file: options.config, env: shell.env, cwd: shell.cwd });
  return {
    shell,
    options,
    output: createOutput(shell, options.json ?? false),
    actor: { kind: 'command-line', name: shell.user },
    configuration,
    withInstallation: async (work, { mayBeNew } = {}) => {
      const settings = configuration();
      if (!mayBeNew) requireInstallation(settings, shell);
      return withProgress(shell, 'Working on it', useInstallation(settings, work, shell));
    },
  };
}

/** In a wrong folder, a question must not leave an empty installation behind. */
export function requireInstallation({ data }: Configuration, { program }: Shell): void {
  if (existsSync(data)) return;
  throw new Failure(
    `There is no installation in ${data}. Make one with ${program} init --org acme --owner alice, or say where it is with --config or PULLGATE_DATA.`,
  );
}

/** Without a progress display, for what prints while it goes on. */
export async function useInstallation<T>(
  configuration: Configuration,
  work: Work<T>,
  { program }: Pick<Shell, 'program'>,
): Promise<T> {
  const installation = await openInstallation(configuration);
  try {
    return await work(installation);
  } catch (error) {
    throw await withOthers(error, installation.administration, program);
  } finally {
    await installation.close();
  }
}
