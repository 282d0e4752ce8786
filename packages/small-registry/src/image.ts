import { gzipSync } from 'node:zlib';
import { blobOf, concatenated, contentOf, digestOf, randomContent, type SmallBlob } from './blob.ts';
import { type ImageFormat, type MediaTypes, mediaTypes } from './media-types.ts';
import { tar, tarEnd, tarHeader, tarPadding } from './tar.ts';

export interface SmallManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** An image with everything that a registry needs to serve it. */
export interface SmallImage {
  /** What a tag of the image refers to: the index if there is one, the manifest otherwise. */
  readonly root: SmallManifest;
  /** The manifest of the first platform. */
  readonly manifest: SmallManifest;
  readonly index: SmallManifest | undefined;
  /** The config of the first platform. */
  readonly config: SmallBlob;
  readonly layers: readonly SmallBlob[];
  /** The manifests of every platform and attestation, and the index. */
  readonly manifests: readonly SmallManifest[];
  /** The configs of every platform and all layers. */
  readonly blobs: readonly SmallBlob[];
}

export interface ImageOptions {
  /** Of the one layer: text by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** `os/architecture`. One gives a single manifest, several an index. `linux/amd64` by default. */
  readonly platforms?: readonly string[];
  /** `oci` by default. */
  readonly format?: ImageFormat;
  /** `gzip` by default. */
  readonly compression?: 'gzip' | 'none';
  /** Adds a BuildKit attestation for each platform, and so an index. */
  readonly attestation?: boolean;
}

/** Builds an image that real clients can pull. Equal options give equal digests. */
export function buildImage(options: ImageOptions): SmallImage {
  const types = mediaTypes[options.format ?? 'oci'];
  const archive = tar(options.files);
  const layer: Layer =
    options.compression === 'none'
      ? uncompressed(blobOf(contentOf(archive), types.layer))
      : { blob: blobOf(contentOf(gzipSync(archive)), types.gzipLayer), diffId: digestOf(archive) };
  const platforms = options.platforms ?? ['linux/amd64'];
  const images = platforms.map((platform) =>
    platformImage({ platform, types, layers: [layer], labels: options.labels ?? {} }),
  );
  const [first] = images;
  if (first === undefined) throw new Error('An image needs at least one platform.');
  const attestations = options.attestation ? images.map(({ manifest }) => attestation(manifest, types)) : [];
  const parts = [...images, ...attestations];
  const index = parts.length > 1 ? indexOf(parts, types) : undefined;
  return {
    root: index ?? first.manifest,
    manifest: first.manifest,
    index,
    config: first.config,
    layers: [layer.blob],
    manifests: [...parts.map(({ manifest }) => manifest), ...(index === undefined ? [] : [index])],
    blobs: parts.flatMap((part) => part.blobs),
  };
}

/** An image whose one layer holds one file of `sizeBytes`: see `randomLayersImage`. */
export function randomBlobImage(sizeBytes: number, seed?: string): SmallImage {
  return randomLayersImage([sizeBytes], seed);
}

/**
 * An image with a layer for each size, which holds one file of so many bytes (below 8 GiB). The layers are plain tars, so
 * real clients can unpack them, and are generated while they are read. Their digests take about a second per GiB.
 */
export function randomLayersImage(sizesInBytes: readonly number[], seed = 'random'): SmallImage {
  const types = mediaTypes.oci;
  const layers = sizesInBytes.map((size, index) => {
    const name = `random-${index}`;
    const parts = [
      contentOf(tarHeader(name, size)),
      randomContent(size, `${seed} ${index}`),
      contentOf(Buffer.concat([tarPadding(size), tarEnd])),
    ];
    return uncompressed(blobOf(concatenated(parts), types.layer));
  });
  const image = platformImage({ platform: 'linux/amd64', types, layers, labels: {} });
  return single(
    image,
    layers.map(({ blob }) => blob),
  );
}

/** An OCI artifact that refers to a manifest (a signature, an SBOM), as the referrers API lists it. */
export function buildReferrer(subject: SmallManifest, artifactType: string): SmallImage {
  const types = mediaTypes.oci;
  const config = blobOf(contentOf(Buffer.from('{}')), 'application/vnd.oci.empty.v1+json');
  const layer = blobOf(contentOf(Buffer.from(`${artifactType} of ${subject.digest}`)), artifactType);
  const manifest = manifestOf(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    artifactType,
    config: descriptorOf(config),
    layers: [descriptorOf(layer)],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.bytes.length },
  });
  return single({ manifest, config, blobs: [config, layer] }, [layer]);
}

/** Names a document, however strange, by its digest. */
export function manifestOf(mediaType: string, document: unknown): SmallManifest {
  const bytes = Buffer.from(JSON.stringify(document));
  return { digest: digestOf(bytes), mediaType, bytes };
}

export function descriptorOf(blob: SmallBlob): { mediaType: string; digest: string; size: number } {
  return { mediaType: blob.mediaType, digest: blob.digest, size: blob.size };
}

interface Layer {
  readonly blob: SmallBlob;
  /** Digest of what it unpacks to. */
  readonly diffId: string;
}

function uncompressed(blob: SmallBlob): Layer {
  return { blob, diffId: blob.digest };
}

interface Part {
  readonly manifest: SmallManifest;
  readonly config: SmallBlob;
  readonly blobs: readonly SmallBlob[];
}

interface IndexPart extends Part {
  readonly platform: { readonly os: string; readonly architecture: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

function single(part: Part, layers: readonly SmallBlob[]): SmallImage {
  const { manifest, config, blobs } = part;
  return { root: manifest, manifest, index: undefined, config, layers, manifests: [manifest], blobs };
}

function platformImage(image: {
  platform: string;
  types: MediaTypes;
  layers: readonly Layer[];
  labels: Readonly<Record<string, string>>;
}): IndexPart {
  const { types, labels } = image;
  const layers = image.layers.map(({ blob }) => blob);
  const [os = '', architecture = ''] = image.platform.split('/');
  const platform = { os, architecture };
  const config = blobOf(
    contentOf(
      Buffer.from(
        JSON.stringify({
          created: '1970-01-01T00:00:00Z',
          ...platform,
          config: { Cmd: ['/hello'], Labels: labels },
          rootfs: { type: 'layers', diff_ids: image.layers.map(({ diffId }) => diffId) },
          history: layers.map(() => ({ created: '1970-01-01T00:00:00Z', created_by: 'COPY . /' })),
        }),
      ),
    ),
    types.config,
  );
  const manifest = manifestOf(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptorOf(config),
    layers: layers.map(descriptorOf),
  });
  return { platform, manifest, config, blobs: [config, ...layers] };
}

/** As BuildKit adds it: an index entry for no platform that names the manifest it speaks of. */
function attestation(subject: SmallManifest, types: MediaTypes): IndexPart {
  const statement = {
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://slsa.dev/provenance/v0.2',
    subject: [{ name: 'image', digest: { sha256: subject.digest.slice('sha256:'.length) } }],
    predicate: { builder: { id: '' }, buildType: 'https://mobyproject.org/buildkit@v1' },
  };
  const layer = uncompressed(blobOf(contentOf(Buffer.from(JSON.stringify(statement))), 'application/vnd.in-toto+json'));
  const part = platformImage({ platform: 'unknown/unknown', types, layers: [layer], labels: {} });
  const annotations = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': subject.digest,
  };
  return { ...part, annotations };
}

function indexOf(parts: readonly IndexPart[], types: MediaTypes): SmallManifest {
  const manifests = parts.map(({ manifest, platform, annotations }) => ({
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.bytes.length,
    platform,
    annotations,
  }));
  return manifestOf(types.index, { schemaVersion: 2, mediaType: types.index, manifests });
}
