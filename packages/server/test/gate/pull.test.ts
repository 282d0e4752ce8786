import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSmallWorld, repositories, type SmallWorld, startTimeout } from './small-world.ts';

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
}, startTimeout);
afterAll(() => world.close(), startTimeout);

describe('a member pulls', () => {
  it.each([
    ['organization', 200],
    ['official', 200],
    ['verified', 200],
    ['sponsored', 403],
    ['community', 403],
  ] as const)('an image of the category %s: %i', async (category, status) => {
    const answer = await world.pull(world.member, `/v2/${repositories[category]}/manifests/latest`);
    expect(answer.status).toBe(status);
  });

  it('the whole image, with every digest verified', async () => {
    const image = world.images[repositories.official];
    const index = await world.pull(world.member, `/v2/${repositories.official}/manifests/latest`);
    expect(sha256(index.body)).toBe(image?.root.digest);
    for (const blob of image?.blobs ?? []) {
      const answer = await world.pull(world.member, `/v2/${repositories.official}/blobs/${blob.digest}`);
      expect(answer.status).toBe(200);
      expect(sha256(answer.body)).toBe(blob.digest);
    }
  });

  it('is refused with the sentence as reason phrase and in the body, on HEAD and GET', async () => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await world.pull(world.member, `/v2/${repositories.community}/manifests/latest`, { method });
      expect(answer.status).toBe(403);
      expect(answer.reason).toMatch(
        /^docker\.io\/somebody\/miner is a Community image and acme allows only Official and Verified Publisher images\. See http:\/\/localhost:\d+\/d\/\w+$/,
      );
      expect(answer.headers['www-authenticate']).toBeUndefined();
      expect(answer.headers['content-type']).toBe('application/json');
      if (method === 'GET') {
        expect(JSON.parse(answer.body.toString())).toEqual({ errors: [{ code: 'DENIED', message: answer.reason }] });
      }
    }
  });
});

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
