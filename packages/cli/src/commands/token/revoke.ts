import type { Command } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { action, type Cli, type Session } from '../../session.ts';
import { type HolderOptions, holderOf, holderOptions } from '../../token-holder.ts';

export function tokenRevokeCommand(cli: Cli): Command {
  const [user, org] = holderOptions;
  return createCommand({
    name: 'revoke <id>',
    summary: 'Revoke an access token for good',
    examples: ['token revoke 0198b1c2-6f1e-4c52-9d5a-2b7f3d1c9e10 --user alice'],
    notes: ['A running gate refuses it within a second. The id is what token list shows.'],
  })
    .addOption(user)
    .addOption(org)
    .action(action(cli, revoke));
}

async function revoke({ options, output, actor, withInstallation }: Session<HolderOptions>, id: string) {
  const holder = holderOf(options);
  await withInstallation(({ administration: { personalTokens, organizationTokens } }) =>
    holder.kind === 'person'
      ? personalTokens.revoke(holder.username, id, actor)
      : organizationTokens.revoke(holder.name, id, actor),
  );
  output.result({ id, revoked: true }, () => `The token ${id} is revoked. A running gate refuses it within a second.`);
  return exitCode.ok;
}
