import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anonymous, type Decision, decide, type Repository, refusalSentence, rules } from '../src/index.ts';
import { questions } from './arbitraries.ts';
import { ask, type Case, on, organization, person, registries, token } from './world.ts';

const link = 'https://gate.acme.dev/d/7f3a9c';
const host = 'gate.acme.dev';
const acme = organization('acme', on);
const off = organization('off');
const none = { official: false, 'verified-publisher': false, 'sponsored-oss': false, community: false };

function sentenceFor(question: Case, shown = { link, host }): string {
  const asked = ask(question);
  return refusalSentence({ decision: decide(asked), repository: asked.repository, ...shown });
}

describe('a refusal tells what, why, who decided, and where to go', () => {
  test.each<[description: string, question: Case, sentence: string]>([
    [
      'a category',
      { principal: person(acme), image: 'evil/miner' },
      `docker.io/evil/miner is a Community image and acme allows only Official and Verified Publisher images. See ${link}`,
    ],
    [
      'another category',
      { principal: person(acme), image: 'oss/app', category: 'sponsored-oss' },
      `docker.io/oss/app is a Sponsored OSS image and acme allows only Official and Verified Publisher images. See ${link}`,
    ],
    [
      'an Official image where one category is allowed',
      {
        principal: person(organization('acme', { ...on, allow: { ...none, community: true } })),
        image: 'nginx',
        category: 'official',
      },
      `docker.io/library/nginx is an Official image and acme allows only Community images. See ${link}`,
    ],
    [
      'three categories are allowed',
      {
        principal: person(
          organization('acme', {
            ...on,
            allow: { ...none, official: true, 'verified-publisher': true, 'sponsored-oss': true },
          }),
        ),
        image: 'evil/miner',
      },
      `docker.io/evil/miner is a Community image and acme allows only Official, Verified Publisher and Sponsored OSS images. See ${link}`,
    ],
    [
      'only organization images are allowed',
      {
        principal: person(organization('acme', { ...on, allow: none })),
        image: 'bitnami/redis',
        category: 'verified-publisher',
      },
      `docker.io/bitnami/redis is a Verified Publisher image and acme allows only Organization images. See ${link}`,
    ],
    [
      'registry access',
      { principal: person(organization('acme', registries(true))), image: 'ghcr.io/some/app' },
      `ghcr.io/some/app is refused because acme does not allow the registry ghcr.io. See ${link}`,
    ],
    [
      'registry access without Docker Hub',
      { principal: person(organization('acme', registries(false))), image: 'nginx' },
      `docker.io/library/nginx is refused because acme does not allow the registry Docker Hub. See ${link}`,
    ],
    [
      'an unknown registry',
      { principal: person(acme), image: 'quay.io/some/app', upstreamKnown: false },
      `quay.io is not a registry that this gate pulls from. Ask its administrator before you pull quay.io/some/app. See ${link}`,
    ],
    [
      'nobody signed in',
      { principal: anonymous, home: acme, image: 'nginx' },
      `Sign in to pull docker.io/library/nginx: docker login gate.acme.dev with your user name and a personal access token as password. See ${link}`,
    ],
    [
      'nobody of an organization',
      { principal: person(), home: acme, image: 'nginx' },
      `You belong to no organization, so you may not pull docker.io/library/nginx. Ask an owner of acme to add you. See ${link}`,
    ],
    [
      'nobody of an organization, and there is none',
      { principal: person(), image: 'nginx' },
      `You belong to no organization, so you may not pull docker.io/library/nginx. Ask an owner of an organization to add you. See ${link}`,
    ],
    [
      'an organization access token',
      { principal: token(acme, '*/*/public'), image: 'nginx' },
      `acme manages image access and refuses organization access tokens. Use a personal access token to pull docker.io/library/nginx. See ${link}`,
    ],
    [
      'the scope of a token',
      { principal: token(off, 'acme/*'), image: 'evil/miner' },
      `This access token of off does not cover docker.io/evil/miner. Ask an owner to add it, or use another token. See ${link}`,
    ],
  ])('%s', (_description, question, sentence) => {
    expect(sentenceFor(question)).toBe(sentence);
  });
});

describe('when there is not room for all', () => {
  const longImage = `ghcr.io/${'a'.repeat(100)}/${'b'.repeat(154)}`;
  const longLink = `https://gate.acme.dev/d/${'7'.repeat(76)}`;
  const tooLongLink = `https://gate.acme.dev/d/${'7'.repeat(176)}`;
  const refused = (image: string, policy = registries(true)) => ({
    principal: person(organization('acme', policy)),
    image,
  });

  test('a long image name is shortened in its middle, to exactly 200 characters', () => {
    const sentence = sentenceFor(refused(longImage));
    expect(sentence).toHaveLength(200);
    expect(sentence).toMatch(
      /^ghcr\.io\/a+\.\.\.b+ is refused because acme does not allow the registry ghcr\.io\. See /,
    );
    expect(sentence.endsWith(` See ${link}`)).toBe(true);
  });

  test('a long link stays whole, and fewer words are said', () => {
    expect(sentenceFor({ principal: person(acme), image: 'some-publisher/some-image' }, { link: longLink, host })).toBe(
      `docker.io/some-publisher/some-image is a Community image, which acme does not allow. See ${longLink}`,
    );
  });

  test('a link that has no room at all is left out, never cut', () => {
    expect(sentenceFor({ principal: person(acme), image: 'evil/miner' }, { link: tooLongLink, host })).toBe(
      'docker.io/evil/miner is a Community image, which acme does not allow.',
    );
  });

  test.each<[rule: string, question: Case, sentence: string]>([
    [
      'registry-unknown',
      { principal: person(acme), image: 'quay.io/x/y', upstreamKnown: false },
      'quay.io is not a registry that this gate pulls from.',
    ],
    [
      'sign-in-required',
      { principal: anonymous, home: acme, image: 'nginx' },
      'Sign in with docker login gate.acme.dev and a personal access token as password.',
    ],
    [
      'no-organization',
      { principal: person(), home: acme, image: 'nginx' },
      'You belong to no organization. Ask an owner of acme to add you.',
    ],
    [
      'organization-token',
      { principal: token(acme), image: 'nginx' },
      'acme refuses organization access tokens. Use a personal access token instead.',
    ],
    [
      'token-scope',
      { principal: token(off), image: 'nginx' },
      'This access token of off does not cover docker.io/library/nginx.',
    ],
    ['registry-access', refused('quay.io/x/y'), 'acme does not allow the registry quay.io.'],
  ])('the brief wording of %s', (_rule, question, sentence) => {
    expect(sentenceFor(question, { link: tooLongLink, host })).toBe(sentence);
  });

  test('the image keeps at least 24 characters before the wording gives way', () => {
    // 200 - 60 of the full wording - 5 of ` See `: room for a link of 111 beside 24 characters of the image
    const beside = (length: number) => sentenceFor(refused(longImage), { link: 'l'.repeat(length), host });
    const fixed = ' is refused because acme does not allow the registry ghcr.io.'.length + ' See '.length;
    const room = 200 - fixed - 24;
    expect(beside(room)).toBe(
      `ghcr.io/aaa...bbbbbbbbbb is refused because acme does not allow the registry ghcr.io. See ${'l'.repeat(room)}`,
    );
    expect(beside(room + 1)).toBe(`acme does not allow the registry ghcr.io. See ${'l'.repeat(room + 1)}`);
  });

  test('long names of organizations and registries are shortened too', () => {
    const long = organization('o'.repeat(100), registries(true));
    expect(sentenceFor({ principal: person(long), image: `${'r'.repeat(100)}.io/x/y` })).toBe(
      `${'o'.repeat(19)}...${'o'.repeat(18)} does not allow the registry ${'r'.repeat(29)}...${'r'.repeat(25)}.io. See ${link}`,
    );
  });
});

describe('what clients escape or refuse never gets in', () => {
  test('a link that is not printable is left out', () => {
    expect(sentenceFor({ principal: person(acme), image: 'evil/miner' }, { link: 'https://gate/"d"', host })).toBe(
      'docker.io/evil/miner is a Community image and acme allows only Official and Verified Publisher images.',
    );
  });

  test('an organization is shown in ASCII', () => {
    expect(
      sentenceFor({ principal: person(organization('"M\u00fcller"\r\nX: y', registries(true))), image: 'quay.io/x/y' }),
    ).toBe(`quay.io/x/y is refused because M?ller X: y does not allow the registry quay.io. See ${link}`);
  });
});

describe('properties', () => {
  const anyText = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.stringMatching(/^[a-z/.]{150,300}$/),
  );
  const anyRepository: fc.Arbitrary<Repository> = fc.record({ registry: anyText, path: anyText, name: anyText });
  const anyDecision: fc.Arbitrary<Decision> = fc
    .tuple(questions, fc.constantFrom(...rules), fc.option(anyText, { nil: undefined }))
    .map(([question, rule, name]) => ({
      ...decide(question),
      rule,
      organization: name === undefined ? undefined : organization(name, on),
    }));
  const links = fc.nat({ max: 250 }).map((length) => `https://gate.acme.dev/d/${'x'.repeat(length)}`);

  test('always one printable line of at most 200 characters without quotes and backslashes', () => {
    fc.assert(
      fc.property(
        anyDecision,
        anyRepository,
        fc.oneof(links, anyText),
        anyText,
        (decision, repository, anyLink, anyHost) => {
          const sentence = refusalSentence({ decision, repository, link: anyLink, host: anyHost });
          expect(sentence).toMatch(/^[ !#-&(-[\]-~]{1,200}$/);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('the link is whole or absent', () => {
    fc.assert(
      fc.property(anyDecision, anyRepository, links, (decision, repository, someLink) => {
        const sentence = refusalSentence({ decision, repository, link: someLink, host });
        const at = sentence.indexOf(' See https:');
        if (at !== -1) expect(sentence.slice(at)).toBe(` See ${someLink}`);
      }),
    );
  });

  test('a link of an ordinary gate is always there', () => {
    fc.assert(
      fc.property(anyDecision, anyRepository, (decision, repository) => {
        expect(refusalSentence({ decision, repository, link, host }).endsWith(` See ${link}`)).toBe(true);
      }),
    );
  });
});
