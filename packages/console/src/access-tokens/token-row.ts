import type { ListedOrganizationTokenBody, MemberTokenBody, PersonalTokenBody } from '@pullgate/contract';
import { itemsOfPage, pageWithin } from '../components/page-number.ts';

/** Rows of one page. */
export const pageSize = 25;

/** What all kinds of tokens have in common. Times are as the API writes them. */
export interface TokenRow {
  readonly id: string;
  readonly label: string;
  /** Of a member's token. */
  readonly username?: string;
  /** Docker's names; of an organization access token, its description. */
  readonly about: string;
  readonly isActive: boolean;
  readonly createdAt: string;
  /** Null never expires. */
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedFrom: string | null;
}

export interface TokenPage {
  /** Of all pages. */
  readonly count: number;
  readonly rows: readonly TokenRow[];
}

/** One page of all rows, the last one for a page that there is not. @param page from 1 */
export function pageOf(rows: readonly TokenRow[], page: number): TokenPage {
  return { count: rows.length, rows: itemsOfPage(rows, pageWithin(page, rows.length, pageSize), pageSize) };
}

export interface PersonalScope {
  readonly scope: 'repo:public_read' | 'repo:read' | 'repo:write' | 'repo:admin';
  /** As Docker calls it. */
  readonly title: string;
  readonly about: string;
}

/** Each includes those before it. */
export const personalScopes: readonly PersonalScope[] = [
  { scope: 'repo:public_read', title: 'Public repo read-only', about: 'Pulls public images.' },
  { scope: 'repo:read', title: 'Read-only', about: 'Pulls every image that you may pull, and reads the API.' },
  { scope: 'repo:write', title: 'Read & write', about: 'Here the same as read-only: the gate takes no pushes.' },
  {
    scope: 'repo:admin',
    title: 'Read, write & delete',
    about: 'Also changes organizations by the API, as far as you may yourself.',
  },
];

function titleOf(scopes: readonly string[]): string {
  const widest = personalScopes.findLast(({ scope }) => scopes.includes(scope));
  return widest?.title ?? scopes.join(', ');
}

export function personalRow(token: Omit<PersonalTokenBody, 'token'>): TokenRow {
  return {
    id: token.uuid,
    label: token.token_label,
    about: titleOf(token.scopes),
    isActive: token.is_active,
    createdAt: token.created_at,
    expiresAt: token.expires_at,
    lastUsedAt: token.last_used,
    lastUsedFrom: token.last_used_ip,
  };
}

export function memberRow(token: MemberTokenBody): TokenRow {
  return { ...personalRow(token), username: token.username };
}

export function organizationRow(token: ListedOrganizationTokenBody): TokenRow {
  return {
    id: token.id,
    label: token.label,
    about: token.description,
    isActive: token.is_active,
    createdAt: token.created_at,
    expiresAt: token.expires_at,
    lastUsedAt: token.last_used_at,
    lastUsedFrom: token.last_used_ip,
  };
}

const dayMs = 86_400_000;

/** When a token ends, by what it says and by how old the organization lets tokens get. Null never. */
export function endOf({ createdAt, expiresAt }: TokenRow, maximumDays: number | null): Date | null {
  const ends = [
    ...(expiresAt === null ? [] : [Date.parse(expiresAt)]),
    ...(maximumDays === null ? [] : [Date.parse(createdAt) + maximumDays * dayMs]),
  ];
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

/** An hour less than asked for: a browser's clock may be ahead of the gate's, which refuses what lives too long. */
const marginMs = 3_600_000;

/** Undefined never expires. */
export function expiryAfter(days: number | undefined, now = Date.now()): string | undefined {
  return days === undefined ? undefined : new Date(now + days * dayMs - marginMs).toISOString();
}
