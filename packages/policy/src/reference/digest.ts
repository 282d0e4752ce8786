import { InvalidReference, shown } from './invalid-reference.ts';

declare const brand: unique symbol;

/** A digest of an algorithm that the gate can verify: `sha256:<64 hex>` or `sha512:<128 hex>`, lower case. */
export type Digest = string & { readonly [brand]: 'Digest' };

const verifiable = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

/**
 * Tells whether a string is a digest that can be verified. Others are legal by OCI image-spec (descriptor.md) but are
 * refused: content that cannot be verified is not served.
 */
export function isDigest(text: string): text is Digest {
  return verifiable.test(text);
}

/** The text as a digest, or an `InvalidReference`. */
export function digestOf(text: string): Digest {
  if (isDigest(text)) return text;
  throw new InvalidReference(
    'invalid-digest',
    `${shown(text)} is not a digest that can be verified. Write sha256: and 64 or sha512: and 128 lower-case hexadecimal digits.`,
  );
}
