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
  /** Milliseconds since 1970. Cannot be changed later. */
  readonly expiresAt?: number | null;
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

/** A token that is born expired is a mistake: seconds given for milliseconds, or a day of last year. @throws InvalidInput */
export function checkExpiry(expiresAt: number | null, now: number): void {
  if (expiresAt === null) return;
  if (Number.isSafeInteger(expiresAt) && expiresAt > now) return;
  throw new InvalidInput('expiresAt', 'A token expires in the future, or never.');
}
