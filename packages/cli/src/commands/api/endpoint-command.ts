import { describePermission, type Endpoint } from '@pullgate/contract';
import { type Command, Option } from 'commander';
import { createCommand, withRemoteOptions } from '../../command.ts';
import { action, type Cli } from '../../session.ts';
import type { JsonObject } from './body.ts';
import { callEndpoint } from './call.ts';
import { commandNameOf } from './command-name.ts';
import { exampleOf } from './example.ts';
import type { Field } from './fields.ts';
import { optionOf, parseInteger } from './options.ts';
import { type RequestShape, requestShapeOf } from './request-shape.ts';

/** The command of one line of the table. */
export function endpointCommand(cli: Cli, endpoint: Endpoint): Command {
  const name = commandNameOf(endpoint);
  const shape = requestShapeOf(endpoint);
  const example = exampleOf(name, shape);
  const command = createCommand({
    name: name.verb,
    summary: endpoint.summary.replace(/\.$/, ''),
    examples: shape.isPaged ? [example, `${example} --all --json`] : [example],
    notes: notesOf(endpoint, shape),
    isRemote: true,
  });
  for (const field of shape.positionals) command.argument(`<${field.path[0]}>`, argumentText(field));
  for (const option of optionsOf(endpoint, shape)) command.addOption(option);
  const usage = shape.positionals.map((field) => `<${field.path[0]}>`);
  return withRemoteOptions(command)
    .usage([...usage, '[options]'].join(' '))
    .action(action<JsonObject, string[]>(cli, (session, ...args) => callEndpoint(endpoint, shape, session, args)));
}

function optionsOf({ permission, body, ifMatch }: Endpoint, shape: RequestShape): readonly Option[] {
  return [
    ...(shape.hasOrganization ? [new Option('--org <name>', 'name of the organization').makeOptionMandatory()] : []),
    ...shape.query.map((field) => optionOf(field, 'query')),
    ...shape.body.filter(({ isSecret }) => !isSecret).map((field) => optionOf(field, 'body')),
    ...(body
      ? [new Option('--body <source>', 'JSON of @file, or of - for the standard input; other options come over it')]
      : []),
    ...(ifMatch
      ? [new Option('--if-match <version>', 'only if the policy still has this version').argParser(parseInteger)]
      : []),
    ...(shape.isPaged ? [new Option('--all', 'read the list to its end').conflicts(['page', 'cursor'])] : []),
    ...(permission.who === 'everybody'
      ? [new Option('--url <address>', 'address of the gate (default: where you are signed in)')]
      : []),
  ];
}

function argumentText({ description }: Field): string {
  return description.replaceAll('`', '').replace(/\.$/, '');
}

function notesOf({ description, permission }: Endpoint, { body }: RequestShape): readonly string[] {
  const secrets = body.filter(({ isSecret }) => isSecret).map(({ path }) => path.join('.'));
  const paragraphs = [
    ...(description === undefined ? [] : [description]),
    describePermission(permission),
    ...(secrets.length === 0 ? [] : [`Asked for where it is needed, or taken from --body: ${secrets.join(', ')}.`]),
  ];
  return paragraphs.flatMap((text, index) => [...(index === 0 ? [] : ['']), wrapped(text.replaceAll('`', ''))]);
}

const noteWidth = 100;

function wrapped(text: string): string {
  return text.replace(new RegExp(`(.{1,${noteWidth}})(?: |$)`, 'g'), '$1\n').trimEnd();
}
