import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anonymous, type CatalogCategory, type Decision, decide, defaultPolicy, type Rule } from '../src/index.ts';
import { questions } from './arbitraries.ts';
import { allowlist, as, ask, type Case, on, organization, person, registries, token } from './world.ts';

const acme = organization('acme', on);
const beta = organization('beta', on);
const off = organization('off');
const open = organization('open', {
  enabled: true,
  allow: allowing('official', 'verified-publisher', 'sponsored-oss', 'community'),
});

function allowing(...switchedOn: readonly string[]) {
  return {
    official: switchedOn.includes('official'),
    'verified-publisher': switchedOn.includes('verified-publisher'),
    'sponsored-oss': switchedOn.includes('sponsored-oss'),
    community: switchedOn.includes('community'),
  };
}

type Row = [description: string, question: Case, expected: `${Decision['verdict']} ${Rule}${string}`];

/** `deny category acme`: verdict, rule and who decided. */
function check(_description: string, question: Case, expected: string): void {
  const { verdict, rule, organization: by } = decide(ask(question));
  expect([verdict, rule, ...(by === undefined ? [] : [by.name])].join(' ')).toBe(expected);
}

describe('image access management is off by default', () => {
  test('and so is everything beside it, with Docker defaults for the moment it is switched on', () => {
    expect(defaultPolicy).toStrictEqual({
      enabled: false,
      allow: { official: true, 'verified-publisher': true, 'sponsored-oss': false, community: false },
      allowlist: { enabled: false, repositories: new Set() },
      registryAccess: { enabled: false, dockerHub: true, registries: new Set() },
    });
  });

  test.each<Row>([
    ['a Community image', { principal: person(off), image: 'evil/miner' }, 'allow image-access-off off'],
    ['another registry', { principal: person(off), image: 'quay.io/evil/miner' }, 'allow image-access-off off'],
    ['also for an owner', { principal: person(as('owner', off)), image: 'evil/miner' }, 'allow image-access-off off'],
    [
      'also on its allowlist',
      { principal: person(organization('off', allowlist('docker.io/evil/miner'))), image: 'evil/miner' },
      'allow image-access-off off',
    ],
  ])('%s', check);
});

describe('the defaults when it is switched on', () => {
  test.each<Row>([
    [
      'organization images: allowed',
      { principal: person(acme), image: 'acme/app', claimedBy: acme },
      'allow organization-image acme',
    ],
    ['Official: allowed', { principal: person(acme), image: 'nginx', category: 'official' }, 'allow category acme'],
    [
      'Verified Publisher: allowed',
      { principal: person(acme), image: 'bitnami/redis', category: 'verified-publisher' },
      'allow category acme',
    ],
    [
      'Sponsored OSS: refused',
      { principal: person(acme), image: 'oss/app', category: 'sponsored-oss' },
      'deny category acme',
    ],
    [
      'Community: refused',
      { principal: person(acme), image: 'evil/miner', category: 'community' },
      'deny category acme',
    ],
    ['an editor is no owner', { principal: person(as('editor', acme)), image: 'evil/miner' }, 'deny category acme'],
  ])('%s', check);
});

describe('each category has a switch of its own', () => {
  const categories = ['official', 'verified-publisher', 'sponsored-oss', 'community'] as const;

  test.each(categories.flatMap((on) => categories.map((category) => [on, category] as const)))(
    'only %s is on: %s',
    (switchedOn, category) => {
      const only = organization('only', { enabled: true, allow: allowing(switchedOn) });
      const decision = decide(ask({ principal: person(only), image: 'some/image', category }));
      expect(decision).toEqual({
        verdict: switchedOn === category ? 'allow' : 'deny',
        rule: 'category',
        category,
        organization: only,
      });
    },
  );
});

describe('the order inside one organization', () => {
  const listing = organization('acme', {
    ...on,
    ...allowlist('docker.io/evil/miner', 'quay.io/evil/miner'),
    ...registries(false),
  });
  const notListing = organization('acme', { ...on, ...registries(false) });
  const listOff = organization('acme', {
    ...on,
    allowlist: { enabled: false, repositories: new Set(['docker.io/evil/miner']) },
  });

  test.each<Row>([
    [
      '1 the owner goes before everything',
      { principal: person(as('owner', listing)), image: 'evil/miner', claimedBy: listing },
      'allow owner acme',
    ],
    [
      '2 then the allowlist',
      { principal: person(listing), image: 'evil/miner', claimedBy: listing },
      'allow allowlist acme',
    ],
    [
      '2 by the canonical name',
      { principal: person(listing), image: 'registry-1.docker.io:443/evil/miner' },
      'allow allowlist acme',
    ],
    ['2 on another registry too', { principal: person(listing), image: 'quay.io/evil/miner' }, 'allow allowlist acme'],
    [
      '2 the whole name, not its beginning',
      { principal: person(listing), image: 'evil/miner2' },
      'deny registry-access acme',
    ],
    ['2 only while the allowlist is on', { principal: person(listOff), image: 'evil/miner' }, 'deny category acme'],
    [
      '3 then organization images',
      { principal: person(notListing), image: 'evil/miner', claimedBy: notListing },
      'allow organization-image acme',
    ],
    [
      '3 on another registry too',
      { principal: person(notListing), image: 'quay.io/acme/app', claimedBy: notListing },
      'allow organization-image acme',
    ],
    [
      '4 then registry access',
      { principal: person(notListing), image: 'nginx', category: 'official' },
      'deny registry-access acme',
    ],
    [
      '5 and at last the category',
      { principal: person(acme), image: 'nginx', category: 'official' },
      'allow category acme',
    ],
  ])('%s', check);
});

describe('registry access', () => {
  const hubOnly = organization('acme', { ...on, ...registries(true) });
  const withGhcr = organization('acme', { ...on, ...registries(false, 'ghcr.io') });

  test.each<Row>([
    [
      'off: any registry other than Docker Hub is allowed',
      { principal: person(acme), image: 'quay.io/evil/miner' },
      'allow registry-access acme',
    ],
    [
      'off: whatever the category',
      { principal: person(acme), image: 'dhi.io/node', category: 'official' },
      'allow registry-access acme',
    ],
    [
      'on: a registry on the list',
      { principal: person(withGhcr), image: 'ghcr.io/some/app' },
      'allow registry-access acme',
    ],
    [
      'on: a registry that is not on the list',
      { principal: person(hubOnly), image: 'ghcr.io/some/app' },
      'deny registry-access acme',
    ],
    [
      'on: another port is another registry',
      { principal: person(withGhcr), image: 'ghcr.io:5000/some/app' },
      'deny registry-access acme',
    ],
    [
      'on: a re-publisher of Docker Hub is not Docker Hub',
      { principal: person(hubOnly), image: 'mirror.gcr.io/library/nginx', category: 'official' },
      'deny registry-access acme',
    ],
    [
      'on: Hardened Images are on a registry of their own',
      { principal: person(hubOnly), image: 'dhi.io/node' },
      'deny registry-access acme',
    ],
    [
      'on: Docker Hub has its own switch',
      { principal: person(withGhcr), image: 'nginx', category: 'official' },
      'deny registry-access acme',
    ],
    [
      'on: Docker Hub allowed, the category decides',
      { principal: person(hubOnly), image: 'nginx', category: 'official' },
      'allow category acme',
    ],
    [
      'on: Docker Hub allowed, the category refuses',
      { principal: person(hubOnly), image: 'evil/miner' },
      'deny category acme',
    ],
  ])('%s', check);
});

describe('registry access is a control of its own, also while image access management is off', () => {
  const ramOnly = organization('acme', registries(true, 'ghcr.io'));
  const withoutHub = organization('acme', registries(false, 'ghcr.io'));
  const listing = organization('acme', { ...registries(false), ...allowlist('quay.io/evil/miner') });

  test.each<Row>([
    ['a registry on the list', { principal: person(ramOnly), image: 'ghcr.io/some/app' }, 'allow registry-access acme'],
    ['a registry that is not', { principal: person(ramOnly), image: 'quay.io/some/app' }, 'deny registry-access acme'],
    ['no category is refused', { principal: person(ramOnly), image: 'evil/miner' }, 'allow image-access-off acme'],
    [
      'Docker Hub is not allowed',
      { principal: person(withoutHub), image: 'nginx', category: 'official' },
      'deny registry-access acme',
    ],
    [
      'owners are exempt',
      { principal: person(as('owner', withoutHub)), image: 'quay.io/some/app' },
      'allow owner acme',
    ],
    ['what is listed is exempt', { principal: person(listing), image: 'quay.io/evil/miner' }, 'allow allowlist acme'],
    [
      'organization images are exempt',
      { principal: person(withoutHub), image: 'acme/app', claimedBy: withoutHub },
      'allow organization-image acme',
    ],
  ])('%s', check);
});

describe('several organizations: every one judges, and one refusal refuses', () => {
  test.each<Row>([
    [
      'the refusal names the organization',
      { principal: person(acme, open), image: 'evil/miner' },
      'deny category acme',
    ],
    ['wherever it stands', { principal: person(open, off, acme), image: 'evil/miner' }, 'deny category acme'],
    [
      'the first of several refusals',
      { principal: person(open, acme, beta), image: 'evil/miner' },
      'deny category acme',
    ],
    [
      'all allow: the first speaks',
      { principal: person(beta, acme), image: 'nginx', category: 'official' },
      'allow category beta',
    ],
    [
      'the owner of one is exempt from that one only',
      { principal: person(as('owner', acme), beta), image: 'evil/miner' },
      'deny category beta',
    ],
    [
      'the owner of all is exempt from all',
      { principal: person(as('owner', acme), as('owner', beta)), image: 'evil/miner' },
      'allow owner acme',
    ],
    [
      "one organization's allowlist is not another's",
      {
        principal: person(organization('acme', { ...on, ...allowlist('docker.io/evil/miner') }), beta),
        image: 'evil/miner',
      },
      'deny category beta',
    ],
    [
      'an image of one is an organization image for the other',
      { principal: person(acme, beta), image: 'beta/app', claimedBy: beta },
      'allow organization-image acme',
    ],
    [
      'the registry access of each',
      { principal: person(acme, organization('beta', registries(true))), image: 'quay.io/some/app' },
      'deny registry-access beta',
    ],
    [
      'home has no say about members',
      { principal: person(open), home: acme, image: 'evil/miner' },
      'allow category open',
    ],
  ])('%s', check);
});

describe('organization images', () => {
  test.each<Row>([
    [
      'what a foreign organization claims is not one',
      { principal: person(acme), image: 'beta/app', claimedBy: beta },
      'deny category acme',
    ],
    [
      'nor for the owner of the other one alone',
      { principal: person(acme), home: beta, image: 'beta/app', claimedBy: beta },
      'deny category acme',
    ],
    [
      'the organization counts, not its snapshot',
      { principal: person(acme), image: 'acme/app', claimedBy: organization('acme') },
      'allow organization-image acme',
    ],
  ])('%s', check);

  test('no catalog makes an organization image: only a claim does', () => {
    const forged = {
      ...ask({ principal: person(acme), image: 'evil/miner' }),
      category: 'organization' as CatalogCategory,
    };
    expect(decide(forged)).toMatchObject({ verdict: 'deny', rule: 'category' });
  });

  test('the category is what the principal sees', () => {
    const seenBy = (question: Omit<Case, 'image'>) =>
      decide(ask({ image: 'acme/app', claimedBy: acme, ...question })).category;
    const openHome = organization('acme', on, false);
    expect(seenBy({ principal: person(acme) })).toBe('organization');
    expect(seenBy({ principal: person(beta, acme) })).toBe('organization');
    expect(seenBy({ principal: person(as('owner', acme)) })).toBe('organization');
    expect(seenBy({ principal: token(acme) })).toBe('organization');
    expect(seenBy({ principal: anonymous, home: openHome })).toBe('organization');
    expect(seenBy({ principal: person(beta) })).toBe('community');
    expect(seenBy({ principal: person(beta), category: 'official' })).toBe('official');
    expect(seenBy({ principal: token(beta) })).toBe('community');
    expect(seenBy({ principal: anonymous, home: acme })).toBe('community');
    expect(seenBy({ principal: person(), home: openHome, claimedBy: beta })).toBe('community');
  });
});

describe('nobody signed in', () => {
  const home = organization('home', on, false);
  const enforcing = organization('home', on, true);

  test.each<Row>([
    [
      'sign-in is enforced',
      { principal: anonymous, home: enforcing, image: 'nginx', category: 'official' },
      'deny sign-in-required home',
    ],
    [
      'even if everything else would allow',
      { principal: anonymous, home: organization('home'), image: 'nginx' },
      'deny sign-in-required home',
    ],
    [
      'there is no organization',
      { principal: anonymous, image: 'nginx', category: 'official' },
      'deny sign-in-required',
    ],
    ['signing out is not a way round', { principal: anonymous, home, image: 'evil/miner' }, 'deny category home'],
    [
      'home judges as a plain member',
      { principal: anonymous, home, image: 'nginx', category: 'official' },
      'allow category home',
    ],
    [
      'images of home are organization images',
      { principal: anonymous, home, image: 'home/app', claimedBy: home },
      'allow organization-image home',
    ],
    [
      'images of others are not',
      { principal: anonymous, home, image: 'acme/app', claimedBy: acme },
      'deny category home',
    ],
    [
      "home's registry access",
      { principal: anonymous, home: organization('home', registries(true), false), image: 'quay.io/x/y' },
      'deny registry-access home',
    ],
    [
      'home is off',
      { principal: anonymous, home: organization('home', {}, false), image: 'evil/miner' },
      'allow image-access-off home',
    ],
  ])('%s', check);
});

describe('signed in, but member of no organization', () => {
  const home = organization('home', on, false);

  test.each<Row>([
    [
      'sign-in is enforced',
      { principal: person(), home: acme, image: 'nginx', category: 'official' },
      'deny no-organization acme',
    ],
    ['there is no organization', { principal: person(), image: 'nginx', category: 'official' }, 'deny no-organization'],
    ['sign-in is not enforced: home judges', { principal: person(), home, image: 'evil/miner' }, 'deny category home'],
    [
      'and allows what it allows',
      { principal: person(), home, image: 'nginx', category: 'official' },
      'allow category home',
    ],
  ])('%s', check);
});

describe('organization access tokens', () => {
  const hubOnly = organization('off', registries(true));
  const ghcrOnly = organization('off', registries(false, 'ghcr.io'));

  test.each<Row>([
    [
      'do not work with image access management',
      { principal: token(acme, '*/*/public'), image: 'nginx', category: 'official' },
      'deny organization-token acme',
    ],
    [
      'not even for its own images',
      { principal: token(acme, 'acme/*'), image: 'acme/app', claimedBy: acme },
      'deny organization-token acme',
    ],
    [
      'while it is off, pull a repository of their scope',
      { principal: token(off, 'acme/web'), image: 'docker.io/acme/web' },
      'allow image-access-off off',
    ],
    [
      'any resource of several',
      { principal: token(off, 'acme/api', 'acme/web'), image: 'acme/web' },
      'allow image-access-off off',
    ],
    [
      'all below a namespace',
      { principal: token(off, 'acme/*'), image: 'acme/team/web' },
      'allow image-access-off off',
    ],
    [
      'every public repository',
      { principal: token(off, '*/*/public'), image: 'quay.io/some/app' },
      'allow image-access-off off',
    ],
    ['not another repository', { principal: token(off, 'acme/web'), image: 'acme/web2' }, 'deny token-scope off'],
    ['not below a repository', { principal: token(off, 'acme/web'), image: 'acme/web/x' }, 'deny token-scope off'],
    [
      'not a namespace that begins alike',
      { principal: token(off, 'acme/*'), image: 'acme-evil/web' },
      'deny token-scope off',
    ],
    [
      'not the same path on another registry',
      { principal: token(off, 'acme/*'), image: 'ghcr.io/acme/web' },
      'deny token-scope off',
    ],
    ['nothing without resources', { principal: token(off), image: 'acme/web' }, 'deny token-scope off'],
    [
      'registry access holds',
      { principal: token(hubOnly, '*/*/public'), image: 'ghcr.io/some/app' },
      'deny registry-access off',
    ],
    [
      'registry access allows',
      { principal: token(ghcrOnly, '*/*/public'), image: 'ghcr.io/some/app' },
      'allow registry-access off',
    ],
    [
      'registry access refuses Docker Hub',
      { principal: token(ghcrOnly, '*/*/public'), image: 'nginx' },
      'deny registry-access off',
    ],
    [
      'registry access allows Docker Hub',
      { principal: token(hubOnly, '*/*/public'), image: 'evil/miner' },
      'allow image-access-off off',
    ],
    [
      'the scope comes before registry access',
      { principal: token(hubOnly, 'acme/*'), image: 'ghcr.io/some/app' },
      'deny token-scope off',
    ],
    [
      'home has no say',
      { principal: token(off, 'acme/*'), home: acme, image: 'acme/app' },
      'allow image-access-off off',
    ],
  ])('%s', check);
});

describe('a registry that the gate does not pull from is refused before anything else', () => {
  test.each<Row>([
    [
      'to an owner',
      { principal: person(as('owner', acme)), image: 'quay.io/some/app', upstreamKnown: false },
      'deny registry-unknown',
    ],
    [
      'to nobody',
      { principal: anonymous, home: acme, image: 'quay.io/some/app', upstreamKnown: false },
      'deny registry-unknown',
    ],
    [
      'to a stranger',
      { principal: person(), home: acme, image: 'quay.io/some/app', upstreamKnown: false },
      'deny registry-unknown',
    ],
    [
      'to a token',
      { principal: token(off, '*/*/public'), image: 'quay.io/some/app', upstreamKnown: false },
      'deny registry-unknown',
    ],
    [
      'although image access is off',
      { principal: person(off), image: 'quay.io/some/app', upstreamKnown: false },
      'deny registry-unknown',
    ],
  ])('%s', check);
});

describe('two spellings of one thing', () => {
  test.each([
    'nginx',
    'library/nginx',
    'index.docker.io/nginx',
    'registry-1.docker.io/library/nginx',
    'DOCKER.IO:443/nginx',
  ])('a rule for nginx holds for %s', (image) => {
    const listing = organization('acme', { ...on, allow: allowing(), ...allowlist('docker.io/library/nginx') });
    expect(decide(ask({ principal: person(listing), image })).rule).toBe('allowlist');
  });

  test('what only looks like an official image is not one', () => {
    const listing = organization('acme', { ...on, ...allowlist('docker.io/library/foo') });
    expect(decide(ask({ principal: person(listing), image: 'library/foo/bar' })).verdict).toBe('deny');
  });
});

describe('properties', () => {
  test('one refusal refuses: all together answer like each one alone', () => {
    fc.assert(
      fc.property(questions, ({ principal, ...rest }) => {
        if (principal.kind !== 'person' || principal.memberships.length === 0) return;
        // What one organization claims is an organization image for all, so this holds for what nobody claims.
        const unclaimed = { ...rest, claimedBy: undefined };
        const all = decide({ ...unclaimed, principal });
        const each = principal.memberships.map((one) => decide({ ...unclaimed, principal: person(one) }));
        expect(all.verdict).toBe(each.some(({ verdict }) => verdict === 'deny') ? 'deny' : 'allow');
      }),
    );
  });

  test('signing out never opens what a plain member of home may not pull', () => {
    fc.assert(
      fc.property(questions, (question) => {
        if (question.home === undefined) return;
        const signedOut = decide({ ...question, principal: anonymous });
        const member = decide({ ...question, principal: person(question.home) });
        if (signedOut.verdict === 'allow') expect(member).toEqual(signedOut);
      }),
    );
  });

  test('the same question has the same answer, and the question stays as it was', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const before = structuredClone(question);
        expect(decide(question)).toEqual(decide(question));
        expect(question).toEqual(before);
      }),
    );
  });
});
