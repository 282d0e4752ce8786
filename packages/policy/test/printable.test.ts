import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable } from '../src/index.ts';
import { shorten } from '../src/printable.ts';

describe('printable', () => {
  test.each([
    ['acme allows only Official images.', 'acme allows only Official images.'],
    ['a "quoted" \'word\' and a \\', 'a quoted word and a'],
    ['two\r\nlines', 'two lines'],
    ['HTTP/1.1 200 OK\r\nSet-Cookie: x', 'HTTP/1.1 200 OK Set-Cookie: x'],
    ['tab\t  and  spaces', 'tab and spaces'],
    ['  around  ', 'around'],
    ['M\u00fcller \u2603 \u{1f433}', 'M?ller ? ?'],
    ['nul\0bell\x07del\x7f', 'nul?bell?del?'],
    ['~!#$%&()*+,-./:;<=>?@[]^_`{|}', '~!#$%&()*+,-./:;<=>?@[]^_`{|}'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('any text becomes one line of printable ASCII without quotes and backslashes, and stays so', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = printable(text);
        expect(line).toMatch(/^[ !#-&(-[\]-~]*$/);
        expect(printable(line)).toBe(line);
      }),
    );
  });
});

describe('shorten', () => {
  test.each([
    ['abcdefghij', 10, 'abcdefghij'],
    ['abcdefghij', 9, 'abc...hij'],
    ['abcdefghij', 8, 'abc...ij'],
    ['abcdefghij', 4, 'a...'],
    ['abcdefghij', 3, '...'],
    ['abc', 3, 'abc'],
  ])('%s to %i characters', (text, max, expected) => {
    expect(shorten(text, max)).toBe(expected);
  });
});
