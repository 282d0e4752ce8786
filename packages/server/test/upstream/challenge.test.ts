import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseChallenges } from '../../src/upstream/challenge.ts';

const read = (header: string | string[] | undefined) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe('a WWW-Authenticate header', () => {
  test.each<[string, string | string[] | undefined, unknown]>([
    [
      'of Docker Hub, with commas inside quotes',
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
      [
        [
          'bearer',
          { realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: 'repository:a/b:pull,push' },
        ],
      ],
    ],
    [
      'with spaces around commas and equals signs',
      'Bearer realm = "r" , service="s"',
      [['bearer', { realm: 'r', service: 's' }]],
    ],
    ['with names in capitals', 'BEARER Realm="r"', [['bearer', { realm: 'r' }]]],
    [
      'with escapes in a quoted string',
      String.raw`Basic realm="a \"b\", c=\\d"`,
      [['basic', { realm: String.raw`a "b", c=\d` }]],
    ],
    [
      'with values without quotes',
      'Bearer realm=r, error=invalid_token',
      [['bearer', { realm: 'r', error: 'invalid_token' }]],
    ],
    [
      'with two challenges in one line',
      'Basic realm="r", Bearer realm="t",scope="x"',
      [
        ['basic', { realm: 'r' }],
        ['bearer', { realm: 't', scope: 'x' }],
      ],
    ],
    [
      'with a challenge in each of two lines',
      ['Negotiate', 'Basic realm="r"'],
      [
        ['negotiate', {}],
        ['basic', { realm: 'r' }],
      ],
    ],
    [
      'with a token68',
      'NTLM TlRMTVNTUAAB==, Basic realm="r"',
      [
        ['ntlm', {}],
        ['basic', { realm: 'r' }],
      ],
    ],
    ['with empty elements', ', ,Basic realm="r",,', [['basic', { realm: 'r' }]]],
    ['that is absent', undefined, []],
    ['that is empty', '', []],
  ])('%s', (_, header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  test.each([
    ['an unfinished string', 'Bearer realm="https://a'],
    ['the same parameter twice', 'Bearer realm="https://a",realm="https://b"'],
    ['a parameter before any scheme', 'realm="https://a"'],
    ['characters that do not belong there', 'Bearer realm="https://a";service="b"'],
    ['more than 8 KiB', `Bearer realm="${'a'.repeat(9_000)}"`],
  ])('gives no challenge at all with %s', (_, header) => {
    expect(read(header)).toEqual([]);
  });

  test('never throws', () => {
    const piece = fc.constantFrom('Bearer', ' ', ',', '=', '"', '\\', 'realm', 'x', '\t', '==');
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => void parseChallenges(pieces.join(''))));
  });

  test('reads back whatever was quoted', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x20-\x7e]{0,50}$/), (value) => {
        const quoted = value.replace(/["\\]/g, String.raw`\$&`);
        expect(read(`Bearer realm="${quoted}",scope="s"`)).toEqual([['bearer', { realm: value, scope: 's' }]]);
      }),
    );
  });
});
