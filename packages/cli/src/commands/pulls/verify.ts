import type { Installation } from '@pullgate/server';
import type { Command } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { action, type Cli, type Session } from '../../session.ts';

type BrokenLink = Awaited<ReturnType<Installation['verifyPulls']>>['broken'][number];

export function pullsVerifyCommand(cli: Cli): Command {
  return createCommand({
    name: 'verify',
    summary: 'Check that no pull record was changed or removed',
    examples: ['pulls verify', 'pulls verify --json'],
    notes: ['It computes the hash chain of every record again. Records that come in meanwhile are left out.'],
  }).action(action(cli, verify));
}

async function verify({ output, withInstallation }: Session<object>) {
  const { records, broken } = await withInstallation((installation) => installation.verifyPulls());
  const ok = broken.length === 0;
  output.result({ ok, records, broken }, ({ bad }) =>
    ok ? `${count(records)}, every link holds.` : broken.map((link) => bad(brokenSentence(link))).join('\n'),
  );
  if (!ok)
    output.hint(`Records that hold: ${records}. Compare the others with a backup, or with a copy made elsewhere.`);
  return ok ? exitCode.ok : exitCode.failure;
}

/** The first of its chain: what comes after it proves nothing. */
function brokenSentence({ chain, sequence, id, reason }: BrokenLink): string {
  const which = id === undefined ? '' : ` (${id})`;
  return `Record ${sequence}${which} of chain ${chain} ${reason === 'missing' ? 'is missing' : 'was changed'}.`;
}

function count(records: number): string {
  return records === 1 ? '1 record' : `${records} records`;
}
