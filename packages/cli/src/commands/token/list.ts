import type { Administration, OrganizationAccessToken, PersonalToken } from '@pullgate/server';
import type { Command } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { oneLine } from '../../output/one-line.ts';
import { table } from '../../output/table.ts';
import { timeOf, timestamp } from '../../output/time.ts';
import { action, type Cli, type Session } from '../../session.ts';
import { type HolderOptions, holderOf, holderOptions, type TokenHolder } from '../../token-holder.ts';

type Token = PersonalToken | OrganizationAccessToken;

export function tokenListCommand(cli: Cli): Command {
  const [user, org] = holderOptions;
  return createCommand({
    name: 'list',
    summary: 'List access tokens, without their secrets',
    examples: ['token list --user alice', 'token list --org acme --json'],
  })
    .addOption(user)
    .addOption(org)
    .action(action(cli, list));
}

async function list({ options, output, withInstallation }: Session<HolderOptions>) {
  const holder = holderOf(options);
  const tokens = await withInstallation(({ administration }) => tokensOf(administration, holder));
  const now = Date.now();
  output.result(tokens.map(toJson), () =>
    tokens.length === 0
      ? 'No tokens.'
      : table(
          ['id', 'label', 'for', 'state', 'last used', 'expires'],
          tokens.map((token) => toRow(token, now)),
        ),
  );
  return exitCode.ok;
}

function tokensOf(
  { personalTokens, organizationTokens }: Administration,
  holder: TokenHolder,
): Promise<readonly Token[]> {
  return holder.kind === 'person' ? personalTokens.list(holder.username) : organizationTokens.list(holder.name);
}

function toJson(token: Token) {
  return {
    id: token.id,
    label: token.label,
    ...('scopes' in token ? { scopes: token.scopes } : { resources: token.resources }),
    isActive: token.isActive,
    createdAt: timestamp(token.createdAt),
    createdBy: token.createdBy,
    lastUsedAt: token.lastUsedAt === null ? null : timestamp(token.lastUsedAt),
    expiresAt: token.expiresAt === null ? null : timestamp(token.expiresAt),
  };
}

function toRow(token: Token, now: number): readonly string[] {
  const purpose = 'scopes' in token ? token.scopes : token.resources.map(({ path }) => path);
  return [
    token.id,
    oneLine(token.label),
    oneLine(purpose.join(', ')),
    stateOf(token, now),
    token.lastUsedAt === null ? 'never' : timeOf(token.lastUsedAt),
    token.expiresAt === null ? 'never' : timeOf(token.expiresAt),
  ];
}

function stateOf({ isActive, expiresAt }: Token, now: number): string {
  if (expiresAt !== null && expiresAt <= now) return 'expired';
  return isActive ? 'active' : 'inactive';
}
