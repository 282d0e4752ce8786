import { defaultPolicy, InvalidReference } from '@pullgate/policy';
import { describe, expect, it } from 'vitest';
import { buildDirectory, type DirectoryRows } from '../../src/access/build-directory.ts';
import { createCheck } from '../../src/access/check.ts';
import { NotFound } from '../../src/administration-error.ts';
import { createPublicAddress } from '../../src/http/public-address.ts';
import { directoryRows, organizationRow } from './directory-rows.ts';

const enabled = { ...organizationRow('acme'), policy: { ...defaultPolicy, enabled: true } };
const strict = {
  ...organizationRow('globex'),
  policy: { ...enabled.policy, allow: { ...defaultPolicy.allow, official: false } },
};

function setting(rows: Partial<DirectoryRows> = {}) {
  const asked: string[] = [];
  let current = buildDirectory(directoryRows({ organizations: [enabled], ...rows }));
  const become = (next: Partial<DirectoryRows>) => {
    current = buildDirectory(directoryRows({ organizations: [enabled], ...next }));
  };
  const check = createCheck({
    directory: {
      get current() {
        return current;
      },
      reload: async () => {},
    },
    catalog: {
      categoryOf: async ({ name }) => {
        asked.push(name);
        if (name === 'docker.io/slow/change') become({ memberships: [] });
        return {
          category: name.startsWith('docker.io/library/') ? 'official' : 'community',
          source: name === 'docker.io/nobody/told' ? 'unknown' : 'official-list',
          asOf: 0,
        };
      },
    },
    upstreams: new Set(['docker.io']),
    address: createPublicAddress('https://gate.test:5050', new Map([['hub.gate.test', 'docker.io']])),
  });
  return { check, asked };
}

const inBoth: Partial<DirectoryRows> = {
  organizations: [enabled, strict],
  memberships: ['acme-id', 'globex-id'].map((organizationId) => ({
    organizationId,
    personId: 'alice-id',
    role: 'member',
  })),
};

describe('as a person', () => {
  it('says when Docker Hub did not tell the category', async () => {
    const { check } = setting();
    expect(await check.asPerson('nobody/told', 'alice')).toMatchObject({ categoryUnknown: true });
    expect(await check.asPerson('alpine', 'alice')).toMatchObject({ categoryUnknown: false });
    expect(await check.asPerson('ghcr.io/a/b', 'alice')).toMatchObject({ categoryUnknown: false });
  });

  it('judges as a pull is judged', async () => {
    const { check } = setting();
    const allowed = await check.asPerson('alpine:3', 'alice');
    expect(allowed.reference).toMatchObject({ repository: { name: 'docker.io/library/alpine' }, tag: '3' });
    expect(allowed.explanation.decision).toMatchObject({ verdict: 'allow', rule: 'category', category: 'official' });
    const refused = await check.asPerson('evil/miner', 'alice');
    expect(refused.explanation.decision).toMatchObject({ verdict: 'deny', rule: 'category' });
  });

  it.each([
    ['gate.test:5050/library/alpine:3', 'docker.io/library/alpine'],
    ['gate.test:5050/alpine:3', 'docker.io/library/alpine'],
    ['gate.test:5050/docker.io/library/alpine:3', 'docker.io/library/alpine'],
    ['hub.gate.test/library/alpine:3', 'docker.io/library/alpine'],
    ['hub.gate.test:5050/library/alpine:3', 'docker.io/library/alpine'],
    ['gate.test/library/alpine:3', 'gate.test/library/alpine'],
    ['gate.test.evil.test/library/alpine:3', 'gate.test.evil.test/library/alpine'],
  ])('takes %s, as it is pulled through the gate, for %s', async (text, name) => {
    const { reference } = await setting().check.asPerson(text, 'alice');
    expect(reference).toMatchObject({ repository: { name }, tag: '3' });
  });

  it('asks every organization', async () => {
    const { explanation } = await setting(inBoth).check.asPerson('alpine', 'alice');
    expect(explanation.decision).toMatchObject({ verdict: 'deny', organization: { name: 'globex' } });
  });

  it('without a user name is nobody signed in', async () => {
    const { explanation } = await setting().check.asPerson('alpine', undefined);
    expect(explanation.decision).toMatchObject({ verdict: 'deny', rule: 'sign-in-required' });
  });

  it('knows what has changed while the category was looked up', async () => {
    const { explanation } = await setting().check.asPerson('slow/change', 'alice');
    expect(explanation.decision).toMatchObject({ rule: 'no-organization' });
  });

  it('does not look up what no upstream has', async () => {
    const { check, asked } = setting();
    expect((await check.asPerson('ghcr.io/a/b', 'alice')).explanation.decision.rule).toBe('registry-unknown');
    expect(asked).toEqual([]);
  });
});

describe('as a member', () => {
  it('tells nothing of other organizations', async () => {
    const { question, explanation } = await setting(inBoth).check.asMember('alpine', 'alice', 'acme-id');
    expect(explanation.decision).toMatchObject({ verdict: 'allow', organization: { name: 'acme' } });
    expect(explanation.organizations.map(({ organization }) => organization.name)).toEqual(['acme']);
    expect(JSON.stringify(question.principal)).not.toContain('globex');
  });

  it.each([
    ['is nobody', 'mallory', 'acme-id'],
    ['is in another organization', 'alice', 'globex-id'],
  ])('who %s is not found, and nothing is looked up', async (_description, username, organizationId) => {
    const { check, asked } = setting({ organizations: [enabled, strict] });
    await expect(check.asMember('alpine', username, organizationId)).rejects.toThrow(NotFound);
    expect(asked).toEqual([]);
  });
});

it('a reference that is none is refused', async () => {
  await expect(setting().check.asPerson('A//b', 'alice')).rejects.toThrow(InvalidReference);
});
