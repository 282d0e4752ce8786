import type { Digest } from '@pullgate/policy';
import { describe, expect, it } from 'vitest';
import type { Audience, Source } from '../../src/content/content.ts';
import type { ContentIndex, KnownContent, KnownTag } from '../../src/content/content-index.ts';
import { openContentIndex } from '../../src/database/content-index.ts';
import { openTestDatabase } from './test-database.ts';

async function open(): Promise<{ index: ContentIndex; reopen(): Promise<ContentIndex> }> {
  const { database, connect } = await openTestDatabase();
  return { index: openContentIndex(database), reopen: async () => openContentIndex(await connect()) };
}

function source(path: string, audience: Audience = 'public', registry = 'registry.example'): Source {
  return { repository: { registry, path, name: `${registry}/${path}` }, audience };
}

const web = source('acme/web');
const strangers: readonly (readonly [string, Source])[] = [
  ['another repository', source('acme/webs')],
  ['another audience', source('acme/web', 'organization:acme')],
  ['another registry', source('acme/web', 'public', 'other.example')],
];

const digest = (number: number) => `sha256:${number.toString(16).padStart(64, '0')}` as Digest;
const blob = (number: number): KnownContent => ({
  digest: digest(number),
  kind: 'blob',
  mediaType: undefined,
  size: number,
  confirmed: false,
});
const manifest = (number: number): KnownContent => ({
  ...blob(number),
  kind: 'manifest',
  mediaType: 'an/index',
  confirmed: true,
});
const tag = (name: string, number = 1): KnownTag => ({
  tag: name,
  digest: digest(number),
  mediaType: 'an/index',
  size: number,
  checkedAt: 1_800_000_000_000 + number,
});

const byDigest = (a: KnownContent, b: KnownContent) => a.digest.localeCompare(b.digest);
async function contentsOf(index: ContentIndex, from: Source): Promise<KnownContent[]> {
  return [...(await index.load(from)).contents].sort(byDigest);
}

describe('the index of the cache', () => {
  it('knows nothing at first', async () => {
    const { index } = await open();
    expect(await index.load(web)).toEqual({ contents: [], tags: [] });
  });

  it('remembers contents and tags as they were given, over a restart', async () => {
    const { index, reopen } = await open();
    const large = { ...blob(3), size: Number.MAX_SAFE_INTEGER };
    await index.addContents(web, [manifest(1), blob(2), large]);
    await index.setTag(web, tag('latest'));
    const again = await reopen();
    expect(await contentsOf(again, web)).toEqual([manifest(1), blob(2), large]);
    expect((await again.load(web)).tags).toEqual([tag('latest')]);
  });

  it.each(strangers)('tells nothing of it to %s', async (_who, stranger) => {
    const { index } = await open();
    await index.addContents(web, [manifest(1)]);
    await index.setTag(web, tag('latest'));
    expect(await index.load(stranger)).toEqual({ contents: [], tags: [] });
    await index.removeTag(stranger, 'latest');
    expect((await index.load(web)).tags).toHaveLength(1);
  });

  it('keeps the newest of what it is told twice', async () => {
    const { index } = await open();
    await index.addContents(web, [{ ...manifest(1), mediaType: undefined }, blob(2)]);
    await index.addContents(web, [manifest(1), { ...blob(2), size: 5 }]);
    expect(await contentsOf(index, web)).toEqual([manifest(1), { ...blob(2), size: 5 }]);
  });

  it('does not forget what a content is when something else refers to it', async () => {
    const { index } = await open();
    await index.addContents(web, [manifest(1)]);
    await index.addContents(web, [{ ...manifest(1), mediaType: undefined }]);
    expect(await contentsOf(index, web)).toEqual([manifest(1)]);
  });

  it('moves a tag, and removes it', async () => {
    const { index } = await open();
    await index.setTag(web, tag('latest', 1));
    await index.setTag(web, tag('other', 1));
    await index.setTag(web, tag('latest', 2));
    expect((await index.load(web)).tags).toEqual(expect.arrayContaining([tag('latest', 2), tag('other', 1)]));
    await index.removeTag(web, 'latest');
    await index.removeTag(web, 'latest');
    expect((await index.load(web)).tags).toEqual([tag('other', 1)]);
  });

  it('forgets what was evicted in every source', async () => {
    const { index } = await open();
    const all = [web, ...strangers.map(([, stranger]) => stranger)];
    for (const from of all) await index.addContents(from, [manifest(1), blob(2), blob(3)]);
    await index.removeDigests([digest(1), digest(3), digest(99)]);
    for (const from of all) expect(await contentsOf(index, from)).toEqual([blob(2)]);
  });

  it('takes nothing, and thousands at once', async () => {
    const { index } = await open();
    await index.addContents(web, []);
    await index.removeDigests([]);
    const many = Array.from({ length: 2_501 }, (_, number) => blob(number));
    await index.addContents(web, many);
    expect(await contentsOf(index, web)).toEqual(many);
    await index.removeDigests(many.slice(1).map((content) => content.digest));
    expect(await contentsOf(index, web)).toEqual([blob(0)]);
  });

  it('looks at no more than a bounded number of contents', async () => {
    const { index } = await open();
    const many = Array.from({ length: 50_001 }, (_, number) => blob(number));
    await index.addContents(web, many);
    expect((await index.load(web)).contents).toHaveLength(50_000);
  });

  it('keeps text that looks like a statement as text', async () => {
    const { index } = await open();
    const strange = { ...tag("x'); drop table cached_tags; --"), mediaType: 'a/b\'"' };
    await index.setTag(web, strange);
    expect((await index.load(web)).tags).toEqual([strange]);
  });
});
