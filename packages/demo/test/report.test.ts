import { describe, expect, test } from 'vitest';
import { type DemoFacts, jsonReport, textReport } from '../src/report.ts';

const facts: DemoFacts = {
  url: 'http://localhost:8080',
  org: 'acme',
  password: 'made-up-password',
  accounts: [
    { username: 'olivia', role: 'owner', pat: 'pgp_olivia' },
    { username: 'max', role: 'member', pat: 'pgp_max' },
  ],
  images: [
    { reference: 'localhost:8080/library/alpine:latest', category: 'official' },
    { reference: 'localhost:8080/librelab/tool:latest', category: 'sponsored-oss' },
    { reference: 'localhost:8080/somebody/miner:latest', category: 'community' },
  ],
};

const plain = (_style: string, text: string): string => text;

describe('the report for programs', () => {
  test('is one line that holds exactly the facts', () => {
    const line = jsonReport({ ...facts, close: () => {} } as DemoFacts);
    expect(line).not.toContain('\n');
    const { password: _, ...told } = facts;
    expect(JSON.parse(line)).toEqual(told);
  });
});

describe('the report for people', () => {
  const lines = textReport(facts, plain).split('\n');

  test.each([
    ['sign in as the member', '   echo pgp_max | docker login localhost:8080 -u max --password-stdin'],
    ['sign in as the owner', '   echo pgp_olivia | docker login localhost:8080 -u olivia --password-stdin'],
    ['pull what is allowed', '   docker pull localhost:8080/library/alpine:latest'],
    ['pull what is refused', '   docker pull localhost:8080/somebody/miner:latest'],
  ])('can be pasted: %s', (_description, line) => {
    expect(lines).toContain(line);
  });

  test.each([
    ['localhost:8080/library/alpine:latest', /Official +allowed$/],
    ['localhost:8080/librelab/tool:latest', /Sponsored OSS +refused$/],
    ['localhost:8080/somebody/miner:latest', /Community +refused$/],
  ])('says what a member may expect of %s', (reference, expected) => {
    expect(lines.find((line) => line.startsWith(`   ${reference} `))).toMatch(expected);
  });

  test('says how the link in a refusal is opened, and where owners decide', () => {
    const text = lines.join('\n');
    expect(text).toMatch(/link .* sign in as max with the password made-up-password/);
    expect(text).toMatch(/http:\/\/localhost:8080\/console\/ .* olivia with the same password/);
  });

  test('says everything without colours', () => {
    const coloured = textReport(facts, (style, text) => `<${style}>${text}</${style}>`);
    expect(coloured).toContain('<green>allowed</green>');
    expect(coloured.replaceAll(/<\/?\w+>/g, '')).toBe(lines.join('\n'));
  });
});
