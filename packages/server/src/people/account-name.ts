import { InvalidInput } from '../administration-error.ts';

/**
 * Words of the registry's paths (`/v2/<name>/manifests/…`), which an organization in an API path must never be mistaken
 * for, and the namespace of the official images.
 */
const reserved = new Set(['manifests', 'tags', 'blobs', 'referrers', 'library']);

/** Anchored, and each separator must be followed by a letter or digit, so it cannot backtrack. */
const grammar = /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/;
const minLength = 2;
const maxLength = 40;

/**
 * Checks the name of a person or an organization. They share one space of names, as on Docker Hub: an organization
 * access token logs in under the organization's name, and nobody may pass for it.
 *
 * @throws InvalidInput
 */
export function checkAccountName(field: string, name: string): void {
  if (name.length < minLength || name.length > maxLength || !grammar.test(name)) {
    throw new InvalidInput(
      field,
      `A name has ${minLength} to ${maxLength} lower-case letters and digits, with single hyphens or underscores between them. Choose another one.`,
    );
  }
  if (reserved.has(name)) throw new InvalidInput(field, `The name ${name} is reserved. Choose another one.`);
}
