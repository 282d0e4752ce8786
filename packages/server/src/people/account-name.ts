import { printable } from '@pullgate/policy';
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
/** Characters; of a name that is none, as much as people recognise it by. */
const maxShown = 80;

/**
 * Checks the name of a person or an organization. They share one space of names, as on Docker Hub: an organization
 * access token logs in under the organization's name, and nobody may pass for it.
 *
 * @throws InvalidInput
 */
export function checkAccountName(field: string, name: string): void {
  if (!isSpelledRight(name)) {
    const shown = printable(name.slice(0, maxShown));
    throw new InvalidInput(
      field,
      `A name has ${minLength} to ${maxLength} lower-case letters and digits, with single hyphens or underscores between them. Choose another one than "${shown}".`,
    );
  }
  if (reserved.has(name)) throw new InvalidInput(field, `The name ${name} is reserved. Choose another one.`);
}

/** Whether somebody could be called so. */
export function isAccountName(name: string): boolean {
  return isSpelledRight(name) && !reserved.has(name);
}

function isSpelledRight(name: string): boolean {
  return name.length >= minLength && name.length <= maxLength && grammar.test(name);
}

/** Room for a number behind a name that is taken. */
const maxBaseLength = 32;

/** A name of the same letters as far as the grammar has them; `person` when none are left. It may be taken or reserved. */
export function accountNameLike(text: string): string {
  const parts = text
    .slice(0, maxBaseLength)
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ['person'];
  const name = parts.join('-');
  return name.length < minLength ? `${name}-1` : name;
}
