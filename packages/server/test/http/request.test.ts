import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorizationOf, basicCredentials } from '../../src/http/request.ts';

const requestWith = (authorization: string | undefined) =>
  ({ headers: authorization === undefined ? {} : { authorization } }) as IncomingMessage;
const encode = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('an Authorization header', () => {
  it.each([
    ['Bearer abc', { scheme: 'bearer', value: 'abc' }],
    ['bEARER   abc ', { scheme: 'bearer', value: 'abc' }],
    ['Digest a="b", c="d"', { scheme: 'digest', value: 'a="b", c="d"' }],
    ['Bearer', undefined],
    [' Bearer abc', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j', (header, expected) => {
    expect(authorizationOf(requestWith(header))).toEqual(expected);
  });
});

describe('Basic credentials', () => {
  it.each([
    [encode('max:secret'), { username: 'max', password: 'secret' }],
    [encode('max:a:b:c'), { username: 'max', password: 'a:b:c' }],
    [encode('max:'), { username: 'max', password: '' }],
    [encode(':secret'), { username: '', password: 'secret' }],
    [encode('mäx:sécret'), { username: 'mäx', password: 'sécret' }],
    [encode('max:secret').replace('Basic', 'bAsIc'), { username: 'max', password: 'secret' }],
    [encode('max'), undefined],
    ['Basic ', undefined],
    ['Basic !!!', undefined],
    ['Bearer bWF4OnNlY3JldA==', undefined],
    [undefined, undefined],
  ])('%j', (header, expected) => {
    expect(basicCredentials(requestWith(header))).toEqual(expected);
  });

  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, password) => {
        const username = name.replaceAll(':', '');
        expect(basicCredentials(requestWith(encode(`${username}:${password}`)))).toEqual({ username, password });
      }),
    );
  });
});
