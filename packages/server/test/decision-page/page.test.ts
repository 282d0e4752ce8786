import { defaultPolicy, type Organization, rules } from '@pullgate/policy';
import { describe, expect, it } from 'vitest';
import { asHtml, asText, decisionPage, type Page } from '../../src/decision-page/page.ts';
import type { PullRecord } from '../../src/pulls/pull-record.ts';

const organization: Organization = {
  id: 'acme-id',
  name: 'acme',
  policy: { ...defaultPolicy, enabled: true },
  policyVersion: 9,
  enforceSignIn: true,
};

function recordWith(change: Partial<PullRecord> = {}): PullRecord {
  return {
    id: '7f3a9c',
    at: Date.UTC(2026, 10, 23, 12, 30),
    verdict: 'deny',
    rule: 'category',
    organizationId: 'acme-id',
    policyVersion: 4,
    person: 'max',
    personId: 'max-id',
    tokenId: 'token-id',
    address: '192.0.2.1',
    client: 'docker',
    operation: 'manifest',
    method: 'GET',
    repository: 'docker.io/evil/miner',
    tag: 'latest',
    digest: null,
    category: 'community',
    stale: false,
    ...change,
  };
}

/** Names and values of the list, as a browser would show them. */
function factsOf(page: Page): Record<string, string> {
  const html = asHtml(page);
  const shown = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  return Object.fromEntries(
    [...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gs)].map(([, name = '', value = '']) => [
      shown(name),
      shown(value),
    ]),
  );
}

it('tells an image of another registry as that: no category of Docker Hub is about it', () => {
  const { Category } = factsOf(decisionPage(recordWith({ repository: 'ghcr.io/evil/miner' }), organization, []));
  expect(Category).toBe('Other registry');
});

describe('the page of a refusal', () => {
  it.each(['sign-in-required', 'organization-token', 'token-scope'] as const)(
    'says to sign in where the image made no difference: %s',
    (rule) => {
      const facts = factsOf(decisionPage(recordWith({ rule, person: null, personId: null }), organization, []));
      expect(facts['What to do']).toBe('sign in with your user name and a personal access token, and pull again');
      expect(facts).not.toHaveProperty('Allowed instead');
    },
  );

  it('says what, why, by whom, what instead and whom to ask', () => {
    const page = decisionPage(recordWith(), organization, ['olivia', 'oscar']);
    expect(asHtml(page)).toContain('<h1>docker.io/evil/miner was refused</h1>');
    expect(factsOf(page)).toEqual({
      Image: 'docker.io/evil/miner:latest',
      Category: 'Community',
      'Decided by': 'acme, policy version 4',
      Rule: 'The switch of the image’s category decided. (category)',
      'Asked by': 'max',
      When: '2026-11-23T12:30:00.000Z',
      'Allowed instead': 'Organization images, Official images, Verified Publisher images',
      'Whom to ask': 'olivia, oscar',
    });
  });

  it('tells what is allowed by the policy that a next pull meets', () => {
    const instead = (policy: Partial<Organization['policy']>) =>
      factsOf(decisionPage(recordWith(), { ...organization, policy: { ...organization.policy, ...policy } }, []))[
        'Allowed instead'
      ];
    expect(instead({ enabled: false })).toBe('this image too: the policy has changed since');
    const registryAccess = { enabled: true, dockerHub: false, registries: new Set<string>() };
    expect(instead({ enabled: false, registryAccess })).toBe('Organization images');
    expect(instead({ allowlist: { enabled: true, repositories: new Set(['docker.io/a/b']) } })).toMatch(
      /1 repository on the allowlist$/,
    );
    const two = new Set(['docker.io/a/b', 'docker.io/a/c']);
    expect(instead({ allowlist: { enabled: true, repositories: two } })).toMatch(/2 repositories on the allowlist$/);
    expect(instead({ allowlist: { enabled: false, repositories: new Set(['docker.io/a/b']) } })).not.toMatch(
      /allowlist/,
    );
  });

  it('of no organization of theirs tells a person only what concerns them', () => {
    const unknown = recordWith({ organizationId: null, policyVersion: null, rule: 'registry-unknown' });
    expect(factsOf(decisionPage(unknown, undefined, []))).toMatchObject({
      'Decided by': 'the configuration of this gate',
      'Whom to ask': 'whoever runs this gate',
    });
    const home = factsOf(decisionPage(recordWith({ rule: 'no-organization' }), undefined, []));
    expect(home['Decided by']).toBe('an organization that you do not belong to');
    expect(home).not.toHaveProperty('Allowed instead');
  });
});

describe('the page of a permission', () => {
  it('asks nobody', () => {
    const page = decisionPage(recordWith({ verdict: 'allow', digest: 'sha256:0', tag: null }), organization, [
      'olivia',
    ]);
    expect(asHtml(page)).toContain('was allowed</h1>');
    expect(factsOf(page)['Image']).toBe('docker.io/evil/miner@sha256:0');
    expect(factsOf(page)).not.toHaveProperty('Whom to ask');
  });
});

it.each(rules)('every rule has a sentence: %s', (rule) => {
  expect(factsOf(decisionPage(recordWith({ rule }), organization, []))['Rule']).toMatch(
    new RegExp(`^[A-Z].*\\. \\(${rule}\\)$`),
  );
});

describe('in a terminal', () => {
  it('everything is a line', () => {
    expect(asText(decisionPage(recordWith(), organization, ['olivia']))).toBe(`docker.io/evil/miner was refused

Image            docker.io/evil/miner:latest
Category         Community
Decided by       acme, policy version 4
Rule             The switch of the image’s category decided. (category)
Asked by         max
When             2026-11-23T12:30:00.000Z
Allowed instead  Organization images, Official images, Verified Publisher images
Whom to ask      olivia
`);
    expect(asText({ title: 'Sign in', body: 'With a token.' })).toBe('Sign in\n\nWith a token.\n');
  });

  it('nothing that came from outside is a command', () => {
    const hostile = '\u001b[2Jgone\r\nImage  forged\u009b2J\u202eback\u2028';
    const text = asText(decisionPage(recordWith({ tag: hostile, person: hostile }), organization, [hostile]));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(text.split('\n')).toHaveLength(11);
  });
});

describe('nothing that came from outside is markup', () => {
  const hostile = `<script>alert("1")</script>&amp;'"><img src=x onerror=alert(1)>`;
  it.each<[string, Partial<PullRecord>]>([
    ['the repository', { repository: hostile }],
    ['the tag', { tag: hostile }],
    ['the digest', { digest: hostile }],
    ['the person', { person: hostile }],
  ])('in %s', (_, change) => {
    expectPlain(decisionPage(recordWith(change), organization, []));
  });

  it('in the organization’s name, the owners’ names and messages', () => {
    expectPlain(decisionPage(recordWith(), { ...organization, name: hostile }, [hostile]));
    expectPlain({ title: hostile, body: hostile });
  });

  function expectPlain(page: Page): void {
    const html = asHtml(page);
    expect(html).not.toMatch(/<script|<img|&amp;/);
    const withoutOurs = html.replace(
      /<\/?(?:!doctype html|html|head|meta|title|style|body|main|h1|p|dl|dt|dd)\b[^<>]*>/g,
      '',
    );
    expect(withoutOurs).not.toMatch(/[<>]/);
  }
});
