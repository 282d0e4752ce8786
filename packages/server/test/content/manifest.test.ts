import {
  ambiguousManifest,
  buildImage,
  foreignLayersManifest,
  oversizeManifest,
  type SmallManifest,
  schema1Manifest,
} from '@pullgate/small-registry';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContentError } from '../../src/content/content-error.ts';
import { inspectManifest, manifestMediaTypes } from '../../src/content/manifest.ts';

const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
const ociIndex = 'application/vnd.oci.image.index.v1+json';
const sha = (hex: string): string => `sha256:${hex.repeat(64)}`;
const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: sha('b'), size: 20 };
const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: sha('a'), size: 10 };
const entry = { mediaType: ociManifest, digest: sha('c'), size: 30 };
const manifest = { schemaVersion: 2, mediaType: ociManifest, config, layers: [layer] };
const index = { schemaVersion: 2, mediaType: ociIndex, manifests: [entry] };

const inspect = (document: unknown, mediaType = ociManifest) =>
  inspectManifest(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)), mediaType);

describe('what a manifest refers to', () => {
  test('an image: its config and layers, which are blobs', () => {
    expect(inspect(manifest)).toEqual({
      mediaType: ociManifest,
      children: [
        { digest: sha('a'), size: 10, kind: 'blob' },
        { digest: sha('b'), size: 20, kind: 'blob' },
      ],
    });
  });

  test('an index: its manifests', () => {
    expect(inspect(index, ociIndex).children).toEqual([{ digest: sha('c'), size: 30, kind: 'manifest' }]);
  });

  test('an index of layers, as build caches are stored: blobs', () => {
    expect(inspect({ ...index, manifests: [layer] }, ociIndex).children).toEqual([
      { digest: sha('b'), size: 20, kind: 'blob' },
    ]);
  });

  test('not its subject: registries accept one that does not exist', () => {
    const { children } = inspect({ ...manifest, subject: entry });
    expect(children.map(({ digest }) => digest)).toEqual([sha('a'), sha('b')]);
  });

  test.each(['oci', 'docker'] as const)('everything that %s images of several platforms consist of', (format) => {
    const image = buildImage({ files: {}, format, platforms: ['linux/amd64', 'linux/arm64'], attestation: true });
    const children = image.manifests.flatMap(({ bytes, mediaType }) => inspectManifest(bytes, mediaType).children);
    const parts = [...image.manifests.filter(({ digest }) => digest !== image.root.digest), ...image.blobs];
    expect(new Set(children.map(({ digest }) => digest))).toEqual(new Set(parts.map(({ digest }) => digest)));
  });

  test.each<[string, unknown, string?]>([
    ['no mediaType, which OCI leaves optional', { ...manifest, mediaType: undefined }],
    [
      'annotations with keys of the author, however they are spelled',
      { ...manifest, annotations: { Size: 'x', URLs: 'y' } },
    ],
    ['an empty list of urls', { ...manifest, layers: [{ ...layer, urls: [] }] }],
    [
      'keys with escapes',
      `{"schemaVersion":2,"layers":[],"config":${JSON.stringify({ ...config, annotations: { 'a"}': '{"' } })}}`,
    ],
    ['a sha512 digest', { ...manifest, layers: [{ ...layer, digest: `sha512:${'d'.repeat(128)}` }] }],
    ['an empty index', { ...index, manifests: [] }, ociIndex],
  ])('is read with %s', (_, document, mediaType) => {
    expect(() => inspect(document, mediaType)).not.toThrow();
  });
});

describe('a manifest is refused', () => {
  const image = buildImage({ files: { hello: 'world' } });
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

  test.each<[string, unknown, string?]>([
    ['both image and index (CVE-2021-41190)', { ...manifest, manifests: [] }],
    ['an index with a config', { ...index, config }, ociIndex],
    ['an index with layers', { ...index, layers: [] }, ociIndex],
    ['schema 1 under the name of schema 2', { ...manifest, schemaVersion: 1 }],
    ['schema 1 fields beside schema 2', { ...manifest, fsLayers: [] }],
    ['another mediaType than the registry says', { ...manifest, mediaType: ociIndex }],
    ['a mediaType that is no string', { ...manifest, mediaType: null }],
    ['no config', { ...manifest, config: undefined }],
    ['no layers', { ...manifest, layers: undefined }],
    ['layers that are no list', { ...manifest, layers: { 0: layer } }],
    ['an index without manifests', { ...index, manifests: undefined }, ociIndex],
    ['layers at other addresses', { ...manifest, layers: [{ ...layer, urls: ['https://evil.example/layer'] }] }],
    ['a config at other addresses', { ...manifest, config: { ...config, urls: ['https://evil.example/config'] } }],
    ['manifests at other addresses', { ...index, manifests: [{ ...entry, urls: ['https://evil.example'] }] }, ociIndex],
    ['a subject at other addresses', { ...manifest, subject: { ...entry, urls: ['https://evil.example'] } }],
    ['urls that are no list', { ...manifest, layers: [{ ...layer, urls: 'https://evil.example' }] }],
    [
      'urls in the spelling that Go reads as well',
      { ...manifest, layers: [{ ...layer, URLs: ['https://evil.example'] }] },
    ],
    ['layers in the spelling that Go reads as well', { ...manifest, Layers: [] }],
    ['layers with the long s, which Go reads as well', { ...manifest, layerſ: [] }],
    ['a key twice', JSON.stringify(manifest).replace('{', '{"layers":[],')],
    ['a key twice, once escaped', JSON.stringify(manifest).replace('{', '{"l\\u0061yers":[],')],
    ['a key twice, further in', JSON.stringify(manifest).replace('"size":20', '"size":20,"size":21')],
    ['an unverifiable digest', { ...manifest, layers: [{ ...layer, digest: `md5:${'a'.repeat(32)}` }] }],
    ['a digest in capitals', { ...manifest, layers: [{ ...layer, digest: sha('B') }] }],
    ['no digest', { ...manifest, layers: [{ ...layer, digest: undefined }] }],
    ['a negative size', { ...manifest, layers: [{ ...layer, size: -1 }] }],
    ['a size that is no integer', { ...manifest, layers: [{ ...layer, size: 1.5 }] }],
    ['a size as text', { ...manifest, layers: [{ ...layer, size: '20' }] }],
    ['no type of a layer', { ...manifest, layers: [{ ...layer, mediaType: undefined }] }],
    ['a layer that is no object', { ...manifest, layers: [null] }],
    ['more than 10,000 entries', { ...index, manifests: Array(10_001).fill(entry) }, ociIndex],
    ['deep nesting', JSON.stringify(manifest).replace('{', `{"x":${nested(40)},`)],
    ['more values than any image', JSON.stringify(manifest).replace('{', `{"x":[${'{},'.repeat(100_000)}{}],`)],
    ['very deep nesting', `{"x":${nested(1_000_000)}}`],
    ['no JSON', '{'],
    ['a list', []],
    ['null', 'null'],
    ['a byte order mark', `\ufeff${JSON.stringify(manifest)}`],
    ['the type of schema 1', manifest, 'application/vnd.docker.distribution.manifest.v1+json'],
    ['the retired artifact type', manifest, 'application/vnd.oci.artifact.manifest.v1+json'],
    ['no type of a manifest at all', manifest, 'text/html'],
  ])('with %s', (_, document, mediaType) => {
    expect(() => inspect(document, mediaType)).toThrow(
      expect.objectContaining({
        code: 'untrustworthy',
        message: expect.stringMatching(/^The manifest is refused: it /),
      }),
    );
  });

  test('with bytes that are not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"'), Buffer.of(0xff), Buffer.from('":1}')]);
    expect(() => inspectManifest(bytes, ociManifest)).toThrow(ContentError);
  });

  test.each<[string, SmallManifest]>([
    ['schema 1', schema1Manifest('library/old')],
    ['larger than 4 MiB', oversizeManifest(image)],
    ['with foreign layers', foreignLayersManifest(image, 'https://evil.example/layer')],
    ['ambiguous', ambiguousManifest(image)],
  ])('when a registry holds one that is %s', (_, { bytes, mediaType }) => {
    expect(() => inspectManifest(bytes, mediaType)).toThrow(ContentError);
  });
});

describe('whatever a registry sends', () => {
  const mediaType = fc.constantFrom(...manifestMediaTypes);

  test('bytes are inspected or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), mediaType, (bytes, type) => {
        expect(outcome(Buffer.from(bytes), type)).toMatch(/^(inspected|untrustworthy)$/);
      }),
    );
  });

  test('a document is inspected or refused, never anything else', () => {
    const key = fc.constantFrom('schemaVersion', 'mediaType', 'config', 'layers', 'manifests', 'subject', 'urls');
    const document = fc.dictionary(
      key,
      fc.oneof(fc.jsonValue(), fc.constant(2), fc.constant(config), fc.constant([layer])),
    );
    fc.assert(
      fc.property(document, mediaType, (value, type) => {
        expect(outcome(Buffer.from(JSON.stringify(value)), type)).toMatch(/^(inspected|untrustworthy)$/);
      }),
    );
  });
});

function outcome(bytes: Buffer, mediaType: string): string {
  try {
    inspectManifest(bytes, mediaType);
    return 'inspected';
  } catch (error) {
    return error instanceof ContentError ? error.code : String(error);
  }
}
