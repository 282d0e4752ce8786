import type { AccessToken } from '../tokens/token.ts';
import type { Tables } from './schema.ts';

type PersonalRow = Tables['personal_access_tokens'];
/** What both tables of access tokens have. */
type TokenRow = Omit<PersonalRow, 'person_id' | 'scopes'>;

export function toTokenRow(token: AccessToken, secretHash: string): TokenRow {
  return {
    id: token.id,
    secret_hash: secretHash,
    label: token.label,
    description: token.description,
    expires_at: token.expiresAt,
    expires_at_text: token.expiresAtText,
    is_active: token.isActive ? 1 : 0,
    created_at: token.createdAt,
    created_by: token.createdBy,
    creator_ip: token.creatorAddress,
    creator_ua: token.creatorUserAgent,
    last_used_at: token.lastUsedAt,
    last_used_address: token.lastUsedAddress,
  };
}

/** The hash stays in the database: nobody who lists tokens needs it. */
export function fromTokenRow(row: Omit<TokenRow, 'secret_hash'>): AccessToken {
  return {
    id: row.id,
    label: row.label,
    description: row.description,
    isActive: row.is_active === 1,
    expiresAt: row.expires_at,
    expiresAtText: row.expires_at_text,
    createdAt: row.created_at,
    createdBy: row.created_by,
    creatorAddress: row.creator_ip,
    creatorUserAgent: row.creator_ua,
    lastUsedAt: row.last_used_at,
    lastUsedAddress: row.last_used_address,
  };
}

/** The columns of a change; a part that is absent stays as it is. */
export function toTokenUpdate(change: {
  readonly label?: string;
  readonly description?: string;
  readonly isActive?: boolean;
}): Partial<TokenRow> {
  const { label, description, isActive } = change;
  return {
    ...(label !== undefined && { label }),
    ...(description !== undefined && { description }),
    ...(isActive !== undefined && { is_active: isActive ? 1 : 0 }),
  };
}
