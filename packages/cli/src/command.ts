import { Command, Option } from 'commander';

export interface Description {
  /** Name and arguments, as commander takes them: `check <image>`. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Command lines without the leading `pullgate`. */
  readonly examples: readonly string[];
  readonly notes?: readonly string[];
  /** It asks a gate over the network. */
  readonly isRemote?: true;
  /** It ends with what the policy says. */
  readonly isVerdict?: true;
}

/** What every command takes. */
export interface CommonOptions {
  readonly json?: true;
  readonly config?: string;
  readonly verbose?: true;
}

const exitCodes = `
Exit codes:
  0  done
  1  it did not work
  2  the command line is wrong`;

const verdictExitCodes = `
Exit codes:
  0  the pull is allowed
  1  it did not work
  2  the command line is wrong
  3  the pull is refused`;

const remoteExitCodes = `
Exit codes:
  0  done
  1  it did not work
  2  the command line is wrong
  4  nobody is signed in, or not any more
  5  whoever is signed in may not do this
  6  it does not exist, or not for whoever is signed in
  7  it contradicts what is there, or was changed meanwhile
  8  the gate could not be reached`;

/** A command that does something. The program adds the common options to it, after its own. */
export function createCommand({ name, summary, examples, notes = [], isRemote, isVerdict }: Description): Command {
  const codes = isRemote ? remoteExitCodes : isVerdict ? verdictExitCodes : exitCodes;
  const example = examples.map((line) => `  $ pullgate ${line}`).join('\n');
  const more = notes.length === 0 ? '' : `\n${notes.join('\n')}\n`;
  const [word, ...parameters] = name.split(' ');
  const command = new Command(word)
    .summary(summary)
    .description(`${summary}.`)
    .addHelpText('after', `${more}\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${example}\n${codes}`);
  for (const parameter of parameters) command.argument(parameter);
  return command;
}

/**
 * A noun that holds commands.
 *
 * @param path the noun, after those that hold it: `api members`
 */
export function createGroup(path: string, summary: string, commands: readonly Command[]): Command {
  const group = new Command(path.split(' ').at(-1)).summary(summary).description(`${summary}.`);
  for (const command of commands) group.addCommand(command);
  return group.addHelpText('after', `\nExample:\n  $ pullgate ${path} ${commands[0]?.name()} --help`);
}

export function withCommonOptions(command: Command): Command {
  return withRemoteOptions(
    command.addOption(new Option('--config <file>', 'configuration file (default: ./pullgate.yaml, if there is one)')),
  );
}

/** What commands take that ask a gate over the network: this machine's configuration says nothing about it. */
export function withRemoteOptions(command: Command): Command {
  return command
    .addOption(new Option('--json', 'print JSON'))
    .addOption(new Option('--verbose', 'show where an error comes from'));
}
