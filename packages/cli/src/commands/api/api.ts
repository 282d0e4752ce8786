import { type Endpoint, endpoints } from '@pullgate/contract';
import type { Command } from 'commander';
import { createGroup } from '../../command.ts';
import type { Cli } from '../../session.ts';
import { commandNameOf, hasCommand } from './command-name.ts';
import { endpointCommand } from './endpoint-command.ts';

/**
 * A command for each line of the contract's table that a person can ask.
 *
 * @param argv the command line. Only nouns that it names get their commands: a hundred schemas take a while to read.
 */
export function apiCommand(cli: Cli, argv: readonly string[] | undefined): Command {
  const table: readonly Endpoint[] = endpoints;
  const nouns = Map.groupBy(table.filter(hasCommand), (endpoint) => commandNameOf(endpoint).noun);
  const groups = [...nouns].map(([noun, lines]) => {
    const isNamed = argv?.includes(noun) ?? true;
    const commands = isNamed ? lines.map((line) => endpointCommand(cli, line)) : [];
    return createGroup(`api ${noun}`, lines[0]?.group ?? noun, commands);
  });
  return createGroup('api', 'What a gate’s API can do, over the network: sign in first, with pullgate login', groups);
}
