import type { Digest } from '@pullgate/policy';
import { expect, it } from 'vitest';
import type { Content, Source } from '../../src/content/content.ts';
import { answerReferrers } from '../../src/registry/answers.ts';

const digest = `sha256:${'a'.repeat(64)}` as Digest;
const repository = { registry: 'docker.io', path: 'acme/web', name: 'docker.io/acme/web' };
const source: Source = { repository, audience: 'public' };
const route = {
  kind: 'referrers',
  repository,
  name: 'acme/web',
  namespace: undefined,
  digest,
  artifactType: undefined,
} as const;

it.each([
  [true, '110 - "Response is Stale"'],
  [undefined, undefined],
] as const)('referrers are marked and recorded as stale when they are: %s', async (stale, warning) => {
  const referrers = async () => ({ bytes: Buffer.from('{}'), filtered: false, ...(stale && { stale }) });
  const served = await answerReferrers({ referrers } as Partial<Content> as Content, source, route);
  expect(served.answer.headers['Warning']).toBe(warning);
  expect(served.stale ?? false).toBe(stale ?? false);
});
