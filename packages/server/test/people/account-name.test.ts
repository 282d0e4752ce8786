import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/administration-error.ts';
import { checkAccountName } from '../../src/people/account-name.ts';

const good = ['al', 'acme', 'acme-2', 'a_b', '42', 'a-b-c_d', 'x'.repeat(40)];

const bad: readonly (readonly [why: string, name: string])[] = [
  ['empty', ''],
  ['too short', 'a'],
  ['too long', 'x'.repeat(41)],
  ['upper case', 'Acme'],
  ['a separator first', '-acme'],
  ['a separator last', 'acme-'],
  ['two separators', 'ac--me'],
  ['a slash', 'acme/web'],
  ['a dot, which would look like a registry', 'acme.com'],
  ['a space', 'ac me'],
  ['a line break at the end', 'acme\n'],
  ['a letter that only looks like one', 'аcme'],
  ['a part of the registry paths', 'manifests'],
  ['a part of the registry paths', 'tags'],
  ['a part of the registry paths', 'blobs'],
  ['a part of the registry paths', 'referrers'],
  ['the namespace of the official images', 'library'],
];

describe('the name of a person or an organization', () => {
  it.each(good)('can be %s', (name) => {
    expect(() => checkAccountName('name', name)).not.toThrow();
  });

  it.each(bad)('cannot be %s: %j', (_why, name) => {
    expect(() => checkAccountName('username', name)).toThrow(InvalidInput);
  });

  it('is named in the error by the field that holds it', () => {
    expect(() => checkAccountName('username', '')).toThrow(expect.objectContaining({ field: 'username' }));
  });

  it.each([
    ['Acme!', 'Choose another one than "Acme!".'],
    ['a\u001b[2J"\n', 'Choose another one than "a?[2J".'],
    ['x'.repeat(500), `Choose another one than "${'x'.repeat(80)}".`],
  ])('names what was written: %j', (name, sentence) => {
    expect(() => checkAccountName('username', name)).toThrow(sentence);
  });
});
