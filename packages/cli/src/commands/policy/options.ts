import { type Command, InvalidArgumentError, Option } from 'commander';
import { Failure, usage } from '../../failure.ts';
import { type PolicyOptions, parseCategories } from './change.ts';

/** Adds what changes a policy. */
export function withPolicyOptions(command: Command): Command {
  const categoryList = (flags: string, text: string) => new Option(`${flags} <list>`, text).argParser(categoriesOf);
  return command
    .option('--enable', 'switch image access management on')
    .addOption(new Option('--disable', 'switch it off').conflicts('enable'))
    .addOption(categoryList('--allow', 'categories to allow'))
    .addOption(categoryList('--refuse', 'categories to refuse'))
    .addOption(onOrOff('--allowlist', 'let the repository allowlist count'))
    .option('--add-repository <names...>', 'put repositories on the allowlist')
    .option('--remove-repository <names...>', 'take repositories off the allowlist')
    .addOption(onOrOff('--registry-access', 'let the list of registries count'))
    .option('--add-registry <hosts...>', 'allow registries besides Docker Hub')
    .option('--remove-registry <hosts...>', 'allow them no longer')
    .addOption(onOrOff('--docker-hub', 'allow Docker Hub while registry access counts'));
}

export function onOrOff(flags: string, text: string): Option {
  return new Option(`${flags} <on|off>`, text).argParser(parseSwitch);
}

/** @throws Failure when nothing is said, or something twice */
export function checkPolicyOptions({ allow = [], refuse = [], ...options }: PolicyOptions & { readonly org?: string }) {
  const both = allow.filter((category) => refuse.includes(category));
  if (both.length > 0) throw usage(`${both.join(', ')} cannot be both allowed and refused.`);
  const { org: _org, ...settings } = options;
  const common = ['json', 'config', 'verbose'];
  const given = Object.keys(settings).filter((key) => !common.includes(key));
  if (given.length + allow.length + refuse.length === 0) {
    throw usage('Say what to change, such as --enable. Add --help to see what can be changed.');
  }
}

function parseSwitch(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new InvalidArgumentError('It is on or off.');
}

function categoriesOf(text: string) {
  try {
    return parseCategories(text);
  } catch (error) {
    throw error instanceof Failure ? new InvalidArgumentError(error.message) : error;
  }
}
