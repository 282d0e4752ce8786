import { Option } from 'commander';
import { usage } from './failure.ts';

/** Whose token it is: a person's (PAT), or an organization's (OAT). */
export type TokenHolder =
  | { readonly kind: 'person'; readonly username: string }
  | { readonly kind: 'organization'; readonly name: string };

export interface HolderOptions {
  readonly user?: string;
  readonly org?: string;
}

export const holderOptions = [
  new Option('--user <username>', 'the person whose token it is'),
  new Option('--org <name>', 'the organization whose token it is').conflicts('user'),
] as const;

export function holderOf({ user, org }: HolderOptions): TokenHolder {
  if (user !== undefined) return { kind: 'person', username: user };
  if (org !== undefined) return { kind: 'organization', name: org };
  throw usage('Say whose token it is: --user alice for a person, --org acme for an organization.');
}
