import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anonymous, decide, type ExplainedStep, type Explanation, explain, type Organization } from '../src/index.ts';
import { questions } from './arbitraries.ts';
import { allowlist, as, ask, type Case, on, organization, person, registries, token } from './world.ts';

const acme = organization('acme', on);
const beta = organization('beta', on);
const off = organization('off');

/** The decision as a reader of the explanation finds it, from the steps alone. */
function readDecision({ before, organizations }: Explanation, home: Organization | undefined) {
  const early = winnerOf(before);
  if (early !== undefined) {
    return {
      verdict: early.outcome,
      rule: early.rule,
      organization: early.rule === 'registry-unknown' ? undefined : home,
    };
  }
  const judgements = organizations.map(({ organization: by, steps }) => ({ winner: winnerOf(steps), by }));
  const decisive = judgements.find(({ winner }) => winner?.outcome === 'deny') ?? judgements[0];
  return { verdict: decisive?.winner?.outcome, rule: decisive?.winner?.rule, organization: decisive?.by };
}

/** The first that does not pass, and it alone is marked. */
function winnerOf(steps: readonly ExplainedStep[]): ExplainedStep | undefined {
  const winner = steps.find(({ outcome }) => outcome !== 'passed');
  expect(steps.filter(({ won }) => won)).toEqual(winner === undefined ? [] : [winner]);
  return winner;
}

describe('properties', () => {
  test("the steps lead to decide's decision", () => {
    fc.assert(
      fc.property(questions, (question) => {
        const explanation = explain(question);
        const { category, ...decision } = decide(question);
        expect(explanation.decision).toEqual({ category, ...decision });
        expect(readDecision(explanation, question.home)).toEqual(decision);
      }),
      { numRuns: 500 },
    );
  });

  test("each organization's judgement is its winner", () => {
    fc.assert(
      fc.property(questions, (question) => {
        for (const { decision, steps, organization: by } of explain(question).organizations) {
          const winner = winnerOf(steps);
          expect(decision).toMatchObject({ verdict: winner?.outcome, rule: winner?.rule, organization: by });
        }
      }),
    );
  });

  test('every sentence is a sentence', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { before, organizations } = explain(question);
        for (const { sentence } of [...before, ...organizations.flatMap(({ steps }) => steps)]) {
          expect(sentence).toMatch(/^[ -~]+\.$/);
          expect(sentence).not.toMatch(/undefined|\[object| {2}/);
        }
      }),
    );
  });
});

/** `rule outcome: sentence`, with a star at the winner. */
function lines(steps: readonly ExplainedStep[] | undefined): readonly string[] {
  return (steps ?? []).map(({ rule, outcome, sentence, won }) => `${won ? '* ' : ''}${rule} ${outcome}: ${sentence}`);
}

function linesOf(question: Case): readonly string[] {
  return lines(explain(ask(question)).organizations[0]?.steps);
}

describe('what is asked before any organization', () => {
  test.each<[description: string, question: Case, expected: readonly string[]]>([
    [
      'a member',
      { principal: person(acme), image: 'evil/miner' },
      [
        'registry-unknown passed: This gate pulls from Docker Hub.',
        'sign-in-required passed: alice is signed in.',
        'no-organization passed: acme judges this pull.',
      ],
    ],
    [
      'a member of several',
      { principal: person(acme, beta, off), image: 'quay.io/some/app' },
      [
        'registry-unknown passed: This gate pulls from quay.io.',
        'sign-in-required passed: alice is signed in.',
        'no-organization passed: acme, beta and off judge this pull.',
      ],
    ],
    [
      'an unknown registry',
      { principal: token(acme), image: 'quay.io/some/app', upstreamKnown: false },
      [
        '* registry-unknown deny: quay.io is not a registry that this gate pulls from.',
        'sign-in-required passed: An organization access token of acme is signed in.',
        'no-organization passed: acme judges this pull.',
      ],
    ],
    [
      'nobody, while sign-in is enforced',
      { principal: anonymous, home: acme, image: 'nginx' },
      [
        'registry-unknown passed: This gate pulls from Docker Hub.',
        '* sign-in-required deny: Nobody is signed in, and acme enforces sign-in.',
        'no-organization deny: Whoever pulls belongs to no organization, and acme enforces sign-in.',
      ],
    ],
    [
      'nobody, and no home organization',
      { principal: anonymous, image: 'nginx' },
      [
        'registry-unknown passed: This gate pulls from Docker Hub.',
        '* sign-in-required deny: Nobody is signed in, and no home organization judges instead.',
        'no-organization deny: Whoever pulls belongs to no organization, and no home organization judges instead.',
      ],
    ],
    [
      'nobody, while sign-in is not enforced',
      { principal: anonymous, home: organization('home', on, false), image: 'nginx' },
      [
        'registry-unknown passed: This gate pulls from Docker Hub.',
        'sign-in-required passed: Nobody is signed in, which the home organization does not require.',
        'no-organization passed: home judges this pull.',
      ],
    ],
    [
      'a stranger',
      { principal: person(), home: acme, image: 'nginx' },
      [
        'registry-unknown passed: This gate pulls from Docker Hub.',
        'sign-in-required passed: alice is signed in.',
        '* no-organization deny: alice belongs to no organization, and acme enforces sign-in.',
      ],
    ],
  ])('%s', (_description, question, expected) => {
    expect(lines(explain(ask(question)).before)).toEqual(expected);
  });

  test('no organization is asked about a pull that was refused before', () => {
    expect(explain(ask({ principal: person(acme), image: 'quay.io/x/y', upstreamKnown: false })).organizations).toEqual(
      [],
    );
    expect(explain(ask({ principal: person(acme), image: 'quay.io/x/y' })).organizations).toHaveLength(1);
  });
});

describe('what an organization is asked, in its order', () => {
  test.each<[description: string, question: Case, expected: readonly string[]]>([
    [
      'a Community image',
      { principal: person(acme), image: 'evil/miner' },
      [
        'image-access-off passed: Image access management of acme is on.',
        'owner passed: alice is not an owner of acme.',
        'allowlist passed: The allowlist of acme is off.',
        'organization-image passed: docker.io/evil/miner does not belong to acme.',
        'registry-access passed: Registry access of acme is off, and the image is on Docker Hub.',
        '* category deny: docker.io/evil/miner is a Community image, which acme does not allow.',
      ],
    ],
    [
      'an image of another registry, of which no category is told',
      { principal: person(acme), image: 'ghcr.io/evil/miner' },
      [
        'image-access-off passed: Image access management of acme is on.',
        'owner passed: alice is not an owner of acme.',
        'allowlist passed: The allowlist of acme is off.',
        'organization-image passed: ghcr.io/evil/miner does not belong to acme.',
        '* registry-access allow: Registry access of acme is off, so every registry other than Docker Hub is allowed.',
        'category deny: The switches of acme are about other images, on Docker Hub.',
      ],
    ],
    [
      'an owner, for whom later steps do not count',
      {
        principal: person(
          as('owner', organization('acme', { ...on, ...registries(true), ...allowlist('docker.io/a/b') })),
        ),
        image: 'nginx',
        category: 'official',
        claimedBy: beta,
      },
      [
        'image-access-off passed: Image access management of acme is on.',
        '* owner allow: alice is an owner of acme.',
        'allowlist passed: docker.io/library/nginx is not on the allowlist of acme.',
        'organization-image passed: docker.io/library/nginx does not belong to acme.',
        'registry-access passed: acme allows the registry Docker Hub.',
        'category allow: docker.io/library/nginx is an Official image, which acme allows.',
      ],
    ],
    [
      'a listed image of its own on a registry that it does not allow',
      {
        principal: person(organization('acme', { ...registries(true), ...allowlist('quay.io/acme/app') })),
        image: 'quay.io/acme/app',
        claimedBy: acme,
      },
      [
        'image-access-off passed: Image access management of acme is off, but its registry access is on.',
        'owner passed: alice is not an owner of acme.',
        '* allowlist allow: quay.io/acme/app is on the allowlist of acme.',
        'organization-image allow: quay.io/acme/app belongs to acme.',
        'registry-access deny: acme does not allow the registry quay.io.',
        'category allow: Image access management of acme is off.',
      ],
    ],
    [
      'everything is off',
      { principal: anonymous, home: organization('home', {}, false), image: 'quay.io/some/app' },
      [
        '* image-access-off allow: Image access management and registry access of home are off.',
        'owner passed: Whoever pulls is not an owner of home.',
        'allowlist passed: The allowlist of home is off.',
        'organization-image passed: quay.io/some/app does not belong to home.',
        'registry-access allow: Registry access of home is off, so every registry other than Docker Hub is allowed.',
        'category allow: Image access management of home is off.',
      ],
    ],
    [
      'an image of Docker Hub while only registry access is on',
      { principal: person(organization('acme', registries(true))), image: 'nginx', category: 'official' },
      [
        'image-access-off passed: Image access management of acme is off, but its registry access is on.',
        'owner passed: alice is not an owner of acme.',
        'allowlist passed: The allowlist of acme is off.',
        'organization-image passed: docker.io/library/nginx does not belong to acme.',
        'registry-access passed: acme allows the registry Docker Hub.',
        '* image-access-off allow: Image access management of acme is off.',
      ],
    ],
    [
      'a token while image access management is on',
      { principal: token(acme, 'acme/*'), image: 'evil/miner' },
      [
        '* organization-token deny: Image access management of acme is on, which refuses organization access tokens. Use a personal access token.',
        'token-scope deny: The token does not cover docker.io/evil/miner.',
        'image-access-off passed: Image access management of acme is on.',
        'registry-access passed: Registry access of acme is off, and the image is on Docker Hub.',
        'category deny: docker.io/evil/miner is a Community image, which acme does not allow.',
      ],
    ],
    [
      'a token within its scope',
      {
        principal: token(organization('acme', registries(false, 'ghcr.io')), 'ghcr.io/acme/*'),
        image: 'ghcr.io/acme/app',
      },
      [
        'organization-token passed: Image access management of acme is off, so its access tokens may pull.',
        'token-scope passed: The token covers ghcr.io/acme/app.',
        'image-access-off passed: Image access management of acme is off, but its registry access is on.',
        '* registry-access allow: acme allows the registry ghcr.io.',
        'category allow: Image access management of acme is off.',
      ],
    ],
  ])('%s', (_description, question, expected) => {
    expect(linesOf(question)).toEqual(expected);
  });

  test('every organization is explained, also after a refusal', () => {
    const { organizations } = explain(ask({ principal: person(acme, as('owner', beta), off), image: 'evil/miner' }));
    expect(
      organizations.map(({ organization: by, role, decision }) => [by.name, role, decision.verdict, decision.rule]),
    ).toEqual([
      ['acme', 'member', 'deny', 'category'],
      ['beta', 'owner', 'allow', 'owner'],
      ['off', 'member', 'allow', 'image-access-off'],
    ]);
  });
});

describe('what would be allowed instead', () => {
  const officialOnly = organization('beta', {
    enabled: true,
    allow: { official: true, 'verified-publisher': false, 'sponsored-oss': true, community: false },
  });
  const defaults = ['Organization', 'Official', 'Verified Publisher'];

  test.each<[description: string, question: Case, expected: readonly string[]]>([
    ['nothing need be said of an allowed pull', { principal: person(acme), image: 'nginx', category: 'official' }, []],
    ['what the organization allows', { principal: person(acme), image: 'evil/miner' }, defaults],
    [
      'what all organizations allow',
      { principal: person(acme, officialOnly), image: 'evil/miner' },
      ['Organization', 'Official'],
    ],
    [
      'also when another organization claims it',
      { principal: person(acme), image: 'beta/app', claimedBy: beta },
      defaults,
    ],
    [
      'on Docker Hub, when the registry is refused',
      { principal: person(organization('acme', { ...on, ...registries(true) })), image: 'quay.io/some/app' },
      defaults,
    ],
    [
      'only its own images, when Docker Hub is refused',
      {
        principal: person(organization('acme', { ...on, ...registries(false) })),
        image: 'nginx',
        category: 'official',
      },
      ['Organization'],
    ],
    [
      'for a stranger whom home judges',
      { principal: person(), home: organization('home', on, false), image: 'evil/miner' },
      defaults,
    ],
    ['nothing without signing in', { principal: anonymous, home: acme, image: 'nginx' }, []],
    ['nothing without an organization', { principal: person(), home: acme, image: 'nginx' }, []],
    [
      'nothing with a token of an organization that manages image access',
      { principal: token(acme, '*/*/public'), image: 'nginx' },
      [],
    ],
    ['nothing outside the scope of a token', { principal: token(off, 'acme/*'), image: 'nginx' }, []],
    ['nothing from an unknown registry', { principal: person(off), image: 'quay.io/x/y', upstreamKnown: false }, []],
  ])('%s', (_description, question, expected) => {
    expect(explain(ask(question)).alternatives).toEqual(expected);
  });
});
