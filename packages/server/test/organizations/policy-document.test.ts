import { defaultPolicy, type ImageAccessPolicy } from '@pullgate/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/administration-error.ts';
import {
  InvalidPolicyDocument,
  policyFromDocument,
  policyToDocument,
} from '../../src/organizations/policy-document.ts';

const names = fc.array(fc.string()).map((list) => new Set(list));

const policies: fc.Arbitrary<ImageAccessPolicy> = fc.record({
  enabled: fc.boolean(),
  allow: fc.record({
    official: fc.boolean(),
    'verified-publisher': fc.boolean(),
    'sponsored-oss': fc.boolean(),
    community: fc.boolean(),
  }),
  allowlist: fc.record({ enabled: fc.boolean(), repositories: names }),
  registryAccess: fc.record({ enabled: fc.boolean(), dockerHub: fc.boolean(), registries: names }),
});

describe('a policy as JSON', () => {
  it('says all that the policy says', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const text = JSON.stringify(policyToDocument(policy));
        expect(policyFromDocument(JSON.parse(text))).toEqual(policy);
      }),
    );
  });

  it('lists names in order, so that two exports can be compared', () => {
    const repositories = new Set(['docker.io/b/b', 'docker.io/a/a']);
    const document = policyToDocument({ ...defaultPolicy, allowlist: { enabled: true, repositories } });
    expect(document.allowlist.repositories).toEqual(['docker.io/a/a', 'docker.io/b/b']);
  });

  const document = policyToDocument(defaultPolicy);
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', [document]],
    ['a missing switch', { ...document, allow: { ...document.allow, community: undefined } }],
    ['a switch that is a word', { ...document, enabled: 'true' }],
    ['a setting nobody knows, which would be inert', { ...document, mode: 'monitor' }],
    ['a list of numbers', { ...document, allowlist: { enabled: true, repositories: [1] } }],
  ])('is not %s', (_what, value) => {
    expect(() => policyFromDocument(value)).toThrow(InvalidInput);
  });

  it.each<[string, unknown, [string, string][]]>([
    ['nothing', undefined, [['', 'A policy has settings under it.']]],
    ['a list', [document], [['', 'A policy has settings under it.']]],
    [
      'no setting at all',
      {},
      ['enabled', 'allow', 'allowlist', 'registryAccess'].map((at) => [at, `${at} is missing.`]),
    ],
    [
      'a missing switch',
      { ...document, allow: { ...document.allow, community: undefined } },
      [['allow.community', 'allow.community is missing.']],
    ],
    ['a switch that is a word', { ...document, enabled: 'true' }, [['enabled', 'enabled is true or false.']]],
    ['a switch for settings', { ...document, allow: true }, [['allow', 'allow has settings under it.']]],
    [
      'settings that nobody knows',
      { ...document, prot: 1, allow: { ...document.allow, 'a\u001bb': true } },
      [
        ['allow.a\u001bb', 'allow.a?b is no setting of a policy.'],
        ['prot', 'prot is no setting of a policy.'],
      ],
    ],
    [
      'a name for a list of them',
      { ...document, allowlist: { enabled: true, repositories: 'nginx' } },
      [['allowlist.repositories', 'allowlist.repositories is a list of names.']],
    ],
    [
      'a list of numbers',
      { ...document, allowlist: { enabled: true, repositories: ['nginx', 1] } },
      [
        [
          'allowlist.repositories.1',
          'allowlist.repositories is a list of names, and this is none. What YAML takes for a number or a date needs quotes.',
        ],
      ],
    ],
  ])('tells what is wrong with %s, and where', (_what, value, expected) => {
    const error = thrown(value);
    expect(error).toBeInstanceOf(InvalidPolicyDocument);
    expect(error.findings.map(({ path, sentence }) => [path.join('.'), sentence])).toEqual(expected);
    expect(error.message).toBe(`That is not a policy: ${expected.map(([, sentence]) => sentence).join(' ')}`);
  });
});

function thrown(document: unknown): InvalidPolicyDocument {
  try {
    policyFromDocument(document);
  } catch (error) {
    return error as InvalidPolicyDocument;
  }
  throw new Error('it is a policy');
}
