import { describe, expect, test } from 'vitest';
import { nextPageQuery } from '../../src/upstream/link.ts';

describe('the next page of a Link header', () => {
  test.each<[string, string | string[] | undefined, Record<string, string> | undefined]>([
    ['a path', '</v2/a/tags/list?n=2&last=b>; rel="next"', { n: '2', last: 'b' }],
    ['an address elsewhere, of which only the query counts', '<https://evil.example/x?last=b>;rel=next', { last: 'b' }],
    ['the second of two links', '</first>; rel="first", </v2/a/tags/list?last=c>; rel="next"', { last: 'c' }],
    ['two headers', ['</first>; rel="first"', '</second?last=d>; rel="next"'], { last: 'd' }],
    ['a link to something else', '</v2/a/tags/list?last=b>; rel="prev"', undefined],
    ['no address', 'rel="next"', undefined],
    ['nothing', undefined, undefined],
    ['too much', `</${'a'.repeat(9_000)}?last=b>; rel="next"`, undefined],
  ])('%s', (_, header, expected) => {
    const query = nextPageQuery(header);
    expect(query && Object.fromEntries(query)).toEqual(expected);
  });
});
