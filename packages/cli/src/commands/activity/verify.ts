import { type Command, InvalidArgumentError, Option } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { action, type Cli, type Session } from '../../session.ts';

interface Noted {
  readonly sequence: number;
  readonly hash: string;
}

interface Options {
  readonly expect?: Noted;
}

export function activityVerifyCommand(cli: Cli): Command {
  const example = `1042:${'0123456789abcdef'.repeat(4)}`;
  return createCommand({
    name: 'verify',
    summary: 'Check that no row of the activity was changed or removed',
    examples: ['activity verify', `activity verify --expect ${example}`],
    notes: [
      'It computes the hash chain of all rows again. Who can write to the database could also write a whole new chain: note',
      'the newest row somewhere else now and then, and name it later with --expect. It must still be there.',
    ],
  })
    .addOption(new Option('--expect <row:hash>', 'a row as it was noted before').argParser(parseNoted))
    .action(action(cli, verify));
}

async function verify({ options, output, withInstallation }: Session<Options>) {
  const result = await withInstallation(({ administration }) => administration.activity.verify(options.expect));
  output.result(result, ({ bad }) => {
    if (!result.intact) return bad(result.reason);
    const { rows, removedByRetention, head } = result;
    const removed = removedByRetention === 0 ? '' : ` Retention removed the first ${removedByRetention}, and says so.`;
    return `${rows} ${rows === 1 ? 'row' : 'rows'}, every link holds.${removed}\nNewest: ${head.sequence}:${head.hash}`;
  });
  if (result.intact) return exitCode.ok;
  output.hint(
    `Rows that hold: ${result.rows}. Compare the others with a backup, or with what was delivered elsewhere.`,
  );
  return exitCode.failure;
}

function parseNoted(text: string): Noted {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence !== undefined && hash !== undefined) return { sequence: Number(sequence), hash };
  throw new InvalidArgumentError('It is the number of a row, a colon and its hash, as verify prints the newest.');
}
