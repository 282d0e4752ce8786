import { createHash } from 'node:crypto';
import { buildImage, buildReferrer, randomBlobImage, type SmallImage } from '@pullgate/small-registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSmallWorld, repositories, type SmallWorld, startTimeout, type WireAnswer } from './small-world.ts';

// The pull side and content discovery of OCI distribution-spec 1.1, over the wire.

const official = `/v2/${repositories.official}`;

let world: SmallWorld;
let image: SmallImage;
beforeAll(async () => {
  world = await openSmallWorld();
  const known = world.images[repositories.official];
  if (!known) throw new Error('There is no image.');
  image = known;
}, startTimeout);
afterAll(() => world.close(), startTimeout);

const get = (target: string, headers: Record<string, string> = {}) => world.pull(world.member, target, { headers });
const head = (target: string, headers: Record<string, string> = {}) =>
  world.pull(world.member, target, { method: 'HEAD', headers });

function errorOf(answer: WireAnswer): { code: string; message: string } {
  expect(answer.headers['content-type']).toBe('application/json');
  const { errors } = JSON.parse(answer.body.toString());
  expect(errors).toHaveLength(1);
  return errors[0];
}

describe('the base', () => {
  it.each(['/v2/', '/v2'])('%s challenges whoever is not signed in, and names no scope', async (target) => {
    const answer = await world.ask(target);
    expect(answer.status).toBe(401);
    const { port } = world.gate;
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer realm="http://localhost:${port}/token",service="localhost:${port}"`,
    );
    expect(errorOf(answer)).toEqual({ code: 'UNAUTHORIZED', message: `Sign in first: docker login localhost:${port}` });
  });

  it.each(['/v2/', '/v2'])('%s welcomes whoever is', async (target) => {
    const authorization = `Bearer ${await world.token(world.member)}`;
    const answer = await world.ask(target, { headers: { authorization } });
    expect([answer.status, answer.body.toString()]).toEqual([200, '{}']);
    expect(answer.headers['docker-distribution-api-version']).toBe('registry/2.0');
  });

  it.each([
    ['an authorization that is none', 'nonsense'],
    ['a scheme without a value', 'Bearer'],
    ['an empty token', 'Bearer '],
    ['a password', 'Basic bWF4Om1heA=='],
    ['another scheme', 'Digest username="max"'],
    ['a token that is none', 'Bearer nonsense'],
  ])('challenges %s', async (_, authorization) => {
    const answer = await world.ask('/v2/', { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="/);
  });

  it('builds the realm from the configuration, whatever the Host says', async () => {
    const answer = await world.ask('/v2/', { headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test' } });
    expect(answer.headers['www-authenticate']).not.toContain('evil');
  });

  it('keeps the clients of a host that stands for a registry on that host', async () => {
    const answer = await world.ask('/v2/', { headers: { host: 'HUB.gate.test:1234' } });
    expect(answer.headers['www-authenticate']).toContain(`realm="http://hub.gate.test:${world.gate.port}/token"`);
  });
});

describe('HEAD says what GET would', () => {
  it.each<[string, () => string]>([
    ['the base', () => '/v2/'],
    ['a manifest by tag', () => `${official}/manifests/latest`],
    ['a manifest by digest', () => `${official}/manifests/${image.manifest.digest}`],
    ['a blob', () => `${official}/blobs/${image.config.digest}`],
    ['the tags', () => `${official}/tags/list`],
    ['referrers', () => `${official}/referrers/${image.root.digest}`],
    ['a refusal', () => `/v2/${repositories.community}/manifests/latest`],
    ['a tag that is not there', () => `${official}/manifests/nowhere`],
    ['a blob that is not there', () => `${official}/blobs/sha256:${'0'.repeat(64)}`],
    ['a malformed digest', () => `${official}/blobs/sha256:0`],
  ])('%s', async (_, target) => {
    const asked = await head(target());
    const got = await get(target());
    expect(asked.body.length).toBe(0);
    expect(got.body.length).toBeGreaterThan(0);
    expect(asked.status).toBe(got.status);
    expect(withoutId(asked.reason)).toBe(withoutId(got.reason));
    expect({ ...asked.headers, date: '' }).toEqual({ ...got.headers, date: '' });
    expect(got.headers['content-length']).toBe(String(got.body.length));
  });

  /** Each refusal has an id of its own. */
  const withoutId = (text: string) => text.replace(/\/d\/\w+/, '');

  it('also before anything was fetched, and without an upstream GET', async () => {
    const cold = buildImage({ files: { 'cold.txt': 'cold' } });
    world.registry.add('library/busybox', cold, ['latest']);
    world.registry.requests.length = 0;
    const answers = [
      await head('/v2/library/busybox/manifests/latest'),
      await head(`/v2/library/busybox/manifests/${cold.root.digest}`),
      await head(`/v2/library/busybox/blobs/${cold.config.digest}`),
    ];
    expect(answers.map(({ headers }) => [headers['docker-content-digest'], headers['content-length']])).toEqual([
      [cold.root.digest, String(cold.root.bytes.length)],
      [cold.root.digest, String(cold.root.bytes.length)],
      [cold.config.digest, String(cold.config.size)],
    ]);
    expect(world.registry.requests.map(({ method }) => method)).not.toContain('GET');
  });
});

describe('what is not there', () => {
  it.each([
    ['a tag', `manifests/nowhere`, 'MANIFEST_UNKNOWN'],
    ['the tag that clients fall back to for referrers', `manifests/sha256-${'0'.repeat(64)}`, 'MANIFEST_UNKNOWN'],
    ['a manifest', `manifests/sha256:${'0'.repeat(64)}`, 'MANIFEST_UNKNOWN'],
    ['a blob', `blobs/sha256:${'0'.repeat(64)}`, 'BLOB_UNKNOWN'],
    ['a blob by sha512', `blobs/sha512:${'0'.repeat(128)}`, 'BLOB_UNKNOWN'],
  ])('%s: 404', async (_, target, code) => {
    const answer = await get(`${official}/${target}`);
    expect([answer.status, errorOf(answer).code]).toEqual([404, code]);
  });

  it('a repository: 404', async () => {
    const answer = await get('/v2/acme/nowhere/tags/list');
    expect([answer.status, errorOf(answer).code]).toEqual([404, 'NAME_UNKNOWN']);
  });

  it.each([
    ['a digest of no known algorithm', 'blobs/md5:0', 'DIGEST_INVALID'],
    ['a digest that is too short', 'manifests/sha256:totallywrong', 'DIGEST_INVALID'],
    ['referrers of a tag', 'referrers/latest', 'DIGEST_INVALID'],
    ['referrers of a malformed digest', 'referrers/sha256:0', 'DIGEST_INVALID'],
    ['tags at another place', 'tags/all', 'NAME_INVALID'],
    ['a tag that is none', 'manifests/-latest', 'MANIFEST_INVALID'],
  ])('%s is malformed: 400', async (_, target, code) => {
    const answer = await get(`${official}/${target}`);
    expect([answer.status, errorOf(answer).code]).toEqual([400, code]);
  });
});

describe('everything but pulls is refused with 405', () => {
  it.each([
    ['GET', '/v2/_catalog'],
    ['GET', '/v2/_catalog?n=1000000000'],
    ['HEAD', '/v2/_catalog'],
    ['POST', `${official}/blobs/uploads/`],
    ['POST', `${official}/blobs/uploads/?mount=sha256:${'0'.repeat(64)}&from=${repositories.community}`],
    ['PATCH', `${official}/blobs/uploads/1`],
    ['PUT', `${official}/manifests/latest`],
    ['DELETE', `${official}/manifests/latest`],
    ['DELETE', `${official}/blobs/sha256:${'0'.repeat(64)}`],
    ['OPTIONS', '/v2/'],
    ['TRACE', '/v2/'],
    ['PROPFIND', official],
  ])('%s %s', async (method, target) => {
    world.registry.requests.length = 0;
    const authorization = `Bearer ${await world.token(world.owner, repositories.official)}`;
    const answer = await world.ask(target, { method, headers: { authorization } });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe(target.startsWith('/v2/_catalog') ? '' : 'GET, HEAD');
    if (method !== 'HEAD') expect(errorOf(answer).code).toBe('UNSUPPORTED');
    expect(world.registry.requests).toEqual([]);
  });

  it('a catalog with a slash is no catalog either', async () => {
    expect((await get('/v2/_catalog/', { authorization: 'Bearer x' })).status).toBe(400);
  });
});

describe('a range of a blob', () => {
  const size = 200_000 + 512 + 1024;
  let blob: string;
  let bytes: Buffer;
  beforeAll(async () => {
    const large = randomBlobImage(200_000, 'ranges');
    world.registry.add('library/debian', large, ['latest']);
    blob = `/v2/library/debian/blobs/${large.layers[0]?.digest}`;
    bytes = (await get(blob)).body;
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(large.layers[0]?.digest.slice('sha256:'.length));
  });

  const last = () => bytes.length - 1;
  it.each<[string, string, () => [number, number]]>([
    ['from and to', 'bytes=500-1499', () => [500, 1499]],
    ['one byte', 'bytes=0-0', () => [0, 0]],
    ['to the end', 'bytes=500-', () => [500, last()]],
    ['the last ones', 'bytes=-500', () => [bytes.length - 500, last()]],
    ['more of the last ones than there are', `bytes=-${size * 2}`, () => [0, last()]],
    ['an end beyond the end', `bytes=199990-${size * 2}`, () => [199_990, last()]],
  ])('%s, %s: 206', async (_, range, expected) => {
    const answer = await get(blob, { range });
    const [start, end] = expected();
    expect(answer.status).toBe(206);
    expect(answer.headers['content-range']).toBe(`bytes ${start}-${end}/${bytes.length}`);
    expect(answer.headers['content-length']).toBe(String(end - start + 1));
    expect(answer.body.equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  it.each([
    ['a start past the end', `bytes=${size * 2}-`],
    ['an end before the start', 'bytes=500-0'],
    ['nothing of the end', 'bytes=-0'],
  ])('%s, %s: 416', async (_, range) => {
    const answer = await get(blob, { range });
    expect(answer.status).toBe(416);
    expect(answer.headers['content-range']).toBe(`bytes */${bytes.length}`);
    expect(errorOf(answer).code).toBe('UNSUPPORTED');
  });

  it.each([
    ['several', 'bytes=0-1,4-5'],
    ['another unit', 'lines=0-1'],
    ['nonsense', 'bytes=a-b'],
    ['neither end', 'bytes=-'],
    ['numbers beyond all numbers', `bytes=0-${'9'.repeat(400)}`],
  ])('%s, %s: the whole', async (_, range) => {
    const answer = await get(blob, { range });
    expect([answer.status, answer.body.length]).toEqual([200, bytes.length]);
  });

  it('of another content than the one that is asked for gives the whole', async () => {
    const statuses = [`"${blob.slice(blob.lastIndexOf('/') + 1)}"`, '"sha256:other"'].map(
      async (condition) => (await get(blob, { range: 'bytes=0-1', 'if-range': condition })).status,
    );
    expect(await Promise.all(statuses)).toEqual([206, 200]);
  });

  it('does not apply to HEAD', async () => {
    const answer = await head(blob, { range: 'bytes=0-1' });
    expect([answer.status, answer.headers['content-length']]).toEqual([200, String(bytes.length)]);
  });

  it('of a blob that is not cached yet gives the same bytes', async () => {
    const cold = randomBlobImage(300_000, 'cold ranges');
    const layer = cold.layers[0];
    world.registry.add('library/ubuntu', cold, ['latest']);
    const answer = await get(`/v2/library/ubuntu/blobs/${layer?.digest}`, { range: 'bytes=250000-250009' });
    expect(answer.status).toBe(206);
    expect(answer.body.equals(Buffer.concat([...(layer?.read(250_000, 250_010) ?? [])]))).toBe(true);
  });
});

describe('tags', () => {
  const tags = ['1', '2', '3', '4', 'latest'];
  beforeAll(() => {
    world.registry.add('acme/tagged', image, tags);
  });
  const list = async (target: string) => {
    const answer = await get(target);
    return { link: answer.headers['link'], ...JSON.parse(answer.body.toString()) };
  };

  it.each(['acme/tagged', 'docker.io/acme/tagged'])(
    'are all listed, under the name that was asked for: %s',
    async (name) => {
      expect(await list(`/v2/${name}/tags/list`)).toEqual({ link: undefined, name, tags });
    },
  );

  it.each([
    ['/v2/acme/tagged/tags/list?n=2'],
    ['/v2/acme/tagged/tags/list?n=2&ns=docker.io'],
    ['/v2/index.docker.io/acme/tagged/tags/list?n=2'],
  ])('come in pages that lead on, and stay with the same registry: %s', async (first) => {
    const seen: string[] = [];
    let next: string | undefined = first;
    for (let page = 0; next !== undefined && page < 9; page++) {
      const answer: { tags: string[]; link: string | undefined } = await list(next);
      seen.push(...answer.tags);
      next = /^<([^>]+)>; rel="next"$/.exec(answer.link ?? '')?.[1];
      if (next !== undefined) expect(next.includes('ns=docker.io')).toBe(first.includes('ns='));
    }
    expect(seen).toEqual(tags);
  });

  it.each([
    ['n=0', []],
    ['n=2&last=2', ['3', '4']],
    ['n=1000000000', undefined],
    ['n=-1', undefined],
    ['n=1e3', undefined],
    ['n=', undefined],
    ['last=../x', undefined],
  ])('%s', async (query, expected) => {
    const answer = await get(`/v2/acme/tagged/tags/list?${query}`);
    if (expected) expect(JSON.parse(answer.body.toString()).tags).toEqual(expected);
    else expect([answer.status, errorOf(answer).code]).toEqual([400, 'UNSUPPORTED']);
  });
});

describe('referrers', () => {
  const indexType = 'application/vnd.oci.image.index.v1+json';
  const manifestsOf = (answer: WireAnswer) => {
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(indexType);
    const { schemaVersion, mediaType, manifests } = JSON.parse(answer.body.toString());
    expect({ schemaVersion, mediaType }).toEqual({ schemaVersion: 2, mediaType: indexType });
    return manifests.map(({ digest }: { digest: string }) => digest);
  };
  const subject = buildImage({ files: { 'subject.txt': 'subject' } });
  const signature = buildReferrer(subject.root, 'application/vnd.example.signature');
  const sbom = buildReferrer(subject.root, 'application/spdx+json');
  const target = `/v2/acme/signed/referrers/${subject.root.digest}`;
  beforeAll(() => {
    for (const each of [subject, signature, sbom]) world.registry.add('acme/signed', each);
  });

  it('are the upstream’s', async () => {
    const answer = await get(target);
    expect(manifestsOf(answer).sort()).toEqual([signature.root.digest, sbom.root.digest].sort());
    expect(answer.headers['oci-filters-applied']).toBeUndefined();
  });

  it('can be filtered by type', async () => {
    const answer = await get(`${target}?artifactType=${encodeURIComponent('application/spdx+json')}`);
    expect(manifestsOf(answer)).toEqual([sbom.root.digest]);
    expect(answer.headers['oci-filters-applied']).toBe('artifactType');
  });

  it('with an empty filter are all, and stay all for others', async () => {
    const fresh = buildImage({ files: { 'subject.txt': 'another subject' } });
    const signed = buildReferrer(fresh.root, 'application/vnd.example.signature');
    for (const each of [fresh, signed]) world.registry.add('acme/signed', each);
    const path = `/v2/acme/signed/referrers/${fresh.root.digest}`;
    expect(manifestsOf(await get(`${path}?artifactType=`))).toEqual([signed.root.digest]);
    expect(manifestsOf(await get(path))).toEqual([signed.root.digest]);
  });

  it('can be pulled', async () => {
    expect((await get(`/v2/acme/signed/manifests/${sbom.root.digest}`)).status).toBe(200);
  });

  it.each([
    ['of what nothing refers to', `/v2/acme/signed/referrers/sha256:${'0'.repeat(64)}`],
    ['of a repository that is not there', `/v2/acme/nowhere/referrers/sha256:${'0'.repeat(64)}`],
  ])('are none %s', async (_, nothing) => {
    expect(manifestsOf(await get(nothing))).toEqual([]);
  });

  it.each([400, 404, 405, 501])('are none where the upstream does not know the API: %i', async (status) => {
    world.registry.faults.always(/referrers/, { kind: 'status', status });
    const answer = await get(`/v2/acme/signed/referrers/${signature.root.digest}`);
    world.registry.faults.clear();
    expect(manifestsOf(answer)).toEqual([]);
  });
});
