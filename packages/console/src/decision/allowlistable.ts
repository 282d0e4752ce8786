import type { PullBody } from '@pullgate/contract';
import type { Rule } from '@pullgate/policy';

/** Of the rules that refuse, those that the allowlist comes before. */
const behindAllowlist: ReadonlySet<Rule> = new Set(['registry-access', 'category']);

/** Whether the pull would have been allowed with its repository on the allowlist. */
export function isAllowlistable({ verdict, rule }: Pick<PullBody, 'verdict' | 'rule'>): boolean {
  return verdict === 'deny' && behindAllowlist.has(rule);
}
