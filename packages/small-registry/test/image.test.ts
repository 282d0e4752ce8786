import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  buildImage,
  buildReferrer,
  mediaTypes,
  randomBlobImage,
  randomLayersImage,
  type SmallBlob,
  type SmallImage,
} from '../src/index.ts';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: unknown;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Document {
  readonly mediaType: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly artifactType?: string;
  readonly rootfs?: { readonly diff_ids: readonly string[] };
  readonly history?: readonly unknown[];
  readonly architecture?: string;
}

const parse = (bytes: Buffer): Document => JSON.parse(bytes.toString());
const bytesOf = (blob: SmallBlob): Buffer => Buffer.concat([...blob.read()]);
const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Every document and blob below the root, as a client finds them. Fails when a descriptor is wrong in anything. */
function walk(image: SmallImage): string[] {
  const manifests = new Map(image.manifests.map((manifest) => [manifest.digest, manifest]));
  const blobs = new Map(image.blobs.map((blob) => [blob.digest, blob]));
  const visit = (descriptor: Descriptor): string[] => {
    const manifest = manifests.get(descriptor.digest);
    const bytes = manifest?.bytes ?? bytesOf(blobs.get(descriptor.digest)!);
    expect(descriptor).toMatchObject({ digest: sha256(bytes), size: bytes.length });
    expect(descriptor.mediaType).toBe((manifest ?? blobs.get(descriptor.digest))?.mediaType);
    if (manifest === undefined) return [descriptor.digest];
    const document = parse(bytes);
    expect(document.mediaType).toBe(manifest.mediaType);
    const children = [document.config, ...(document.layers ?? []), ...(document.manifests ?? [])];
    return [descriptor.digest, ...children.filter((child) => child !== undefined).flatMap(visit)];
  };
  const { digest, mediaType, bytes } = image.root;
  return visit({ digest, mediaType, size: bytes.length });
}

const files = { 'etc/greeting': 'hello', 'etc/empty': '' };

describe('an image', () => {
  test.each([
    ['OCI, one platform', {}, mediaTypes.oci.manifest],
    ['Docker, one platform', { format: 'docker' }, mediaTypes.docker.manifest],
    ['not compressed', { compression: 'none' }, mediaTypes.oci.manifest],
    ['OCI, two platforms', { platforms: ['linux/amd64', 'linux/arm64'] }, mediaTypes.oci.index],
    ['Docker, two platforms', { format: 'docker', platforms: ['linux/amd64', 'linux/arm64'] }, mediaTypes.docker.index],
    ['one platform with its attestation', { attestation: true }, mediaTypes.oci.index],
  ] as const)('%s: every descriptor is right and nothing is left over', (_description, options, rootType) => {
    const image = buildImage({ files, ...options });
    expect(image.root.mediaType).toBe(rootType);
    const everything = [...image.manifests, ...image.blobs].map(({ digest }) => digest);
    expect(new Set(walk(image))).toEqual(new Set(everything));
  });

  test('has an entry for each platform in its index, and a config that says the same', () => {
    const image = buildImage({ files, platforms: ['linux/amd64', 'linux/arm64'] });
    const platforms = parse(image.index!.bytes).manifests!.map(({ platform }) => platform);
    expect(platforms).toEqual([
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64' },
    ]);
    expect(parse(bytesOf(image.config)).architecture).toBe('amd64');
  });

  test('names in its config the digest of the tar that the layer unpacks to', () => {
    const image = buildImage({ files });
    const unpacked = gunzipSync(bytesOf(image.layers[0]!));
    expect(parse(bytesOf(image.config)).rootfs!.diff_ids).toEqual([sha256(unpacked)]);
  });

  test('carries its labels', () => {
    const config = bytesOf(buildImage({ files, labels: { 'org.example': 'yes' } }).config).toString();
    expect(config).toContain('"Labels":{"org.example":"yes"}');
  });

  test('marks an attestation as BuildKit does', () => {
    const image = buildImage({ files, attestation: true });
    expect(parse(image.index!.bytes).manifests![1]).toMatchObject({
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': image.manifest.digest,
      },
    });
  });

  test('is the same each time', () => {
    expect(buildImage({ files }).root.digest).toBe(buildImage({ files }).root.digest);
  });

  test('needs a platform', () => {
    expect(() => buildImage({ files, platforms: [] })).toThrow('at least one platform');
  });
});

describe('a large image', () => {
  test('holds a file of the given size and is right in every descriptor', () => {
    const image = randomBlobImage(2_000_001);
    expect(walk(image)).toHaveLength(3);
    expect(image.layers[0]!.size).toBe(512 + 2_000_001 + 383 + 1024);
    expect(parse(bytesOf(image.config)).rootfs!.diff_ids).toEqual([image.layers[0]!.digest]);
  });

  test('may have several layers, no two of them alike, each with one entry in the history', () => {
    const image = randomLayersImage([3000, 1000, 1000]);
    expect(walk(image)).toHaveLength(5);
    const digests = image.layers.map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(3);
    const { rootfs, history } = parse(bytesOf(image.config));
    expect(rootfs!.diff_ids).toEqual(digests);
    expect(history).toHaveLength(3);
  });
});

describe('a referrer', () => {
  test('names its subject and its type', () => {
    const subject = buildImage({ files }).manifest;
    const referrer = buildReferrer(subject, 'application/vnd.example.signature');
    expect(walk(referrer)).toHaveLength(3);
    expect(parse(referrer.root.bytes)).toMatchObject({
      artifactType: 'application/vnd.example.signature',
      subject: { digest: subject.digest, size: subject.bytes.length },
    });
  });
});
