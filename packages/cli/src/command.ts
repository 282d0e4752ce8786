import { Command, Option } from 'commander';

export interface Description {
  /** Name and arguments, as commander takes them: `check <image>`. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Command lines without the leading `pullgate`. */
  readonly examples: readonly string[];
  readonly notes?: readonly string[];
}

/** What every command takes. */
export interface CommonOptions {
  readonly json?: true;
  readonly config?: string;
  readonly verbose?: true;
}

const exitCodes = `
Exit codes:
  0  done; check: the pull is allowed
  1  it did not work
  2  the command line is wrong
  3  check: the pull is refused`;

/** A command that does something. The program adds the common options to it, after its own. */
export function createCommand({ name, summary, examples, notes = [] }: Description): Command {
  const example = examples.map((line) => `  $ pullgate ${line}`).join('\n');
  const more = notes.length === 0 ? '' : `\n${notes.join('\n')}\n`;
  const [word, ...parameters] = name.split(' ');
  const command = new Command(word)
    .summary(summary)
    .description(`${summary}.`)
    .addHelpText('after', `${more}\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${example}\n${exitCodes}`);
  for (const parameter of parameters) command.argument(parameter);
  return command;
}

/** A noun that holds commands. */
export function createGroup(name: string, summary: string, commands: readonly Command[]): Command {
  const group = new Command(name).summary(summary).description(`${summary}.`);
  for (const command of commands) group.addCommand(command);
  return group.addHelpText('after', `\nExample:\n  $ pullgate ${name} ${commands[0]?.name()} --help`);
}

export function withCommonOptions(command: Command): Command {
  return command
    .addOption(new Option('--config <file>', 'configuration file (default: ./pullgate.yaml, if there is one)'))
    .addOption(new Option('--json', 'print JSON'))
    .addOption(new Option('--verbose', 'show where an error comes from'));
}
