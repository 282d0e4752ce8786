import { InvalidInput } from '../administration-error.ts';

/** What both kinds of access tokens have. */
export interface AccessToken {
  /** UUID. */
  readonly id: string;
  readonly label: string;
  /** Empty when none was given. */
  readonly description: string;
  readonly isActive: boolean;
  /** Milliseconds since 1970; null never expires. */
  readonly expiresAt: number | null;
  /** As it was given, byte for byte; null when it was given as a number or not at all. */
  readonly expiresAtText: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Name of the actor. */
  readonly createdBy: string;
  readonly creatorAddress: string | null;
  readonly creatorUserAgent: string | null;
  /** Milliseconds since 1970; null when it never was. Written in batches, so it lags by seconds. */
  readonly lastUsedAt: number | null;
  readonly lastUsedAddress: string | null;
}

/** What both kinds are created from. */
export interface NewAccessToken {
  readonly label: string;
  readonly description?: string;
  /** Milliseconds since 1970, or an RFC 3339 time. Cannot be changed later. */
  readonly expiresAt?: number | string | null;
  /** The client that asks for the token. */
  readonly userAgent?: string;
}

/** A new token with its text: the only time that anybody sees it. */
export interface Issued<Token> {
  readonly token: Token;
  readonly secret: string;
}

const maxLabelLength = 100;
const maxDescriptionLength = 200;
export const maxUserAgentLength = 256;

/** @throws InvalidInput */
export function checkLabel(label: string): void {
  if (label.length >= 1 && label.length <= maxLabelLength) return;
  throw new InvalidInput('label', `A token's label has 1 to ${maxLabelLength} characters.`);
}

/** @throws InvalidInput */
export function checkDescription(description: string): void {
  if (description.length <= maxDescriptionLength) return;
  throw new InvalidInput('description', `A token's description has at most ${maxDescriptionLength} characters.`);
}
