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
  /** The one layer: text by path. */
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
  const layer =
    options.compression === 'none'
      ? blobOf(contentOf(archive), types.layer)
      : blobOf(contentOf(gzipSync(archive)), types.gzipLayer);
  const platforms = options.platforms ?? ['linux/amd64'];
  const images = platforms.map((platform) =>
    platformImage({ platform, types, layer, diffId: digestOf(archive), labels: options.labels ?? {} }),
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
    layers: [layer],
    manifests: [...parts.map(({ manifest }) => manifest), ...(index === undefined ? [] : [index])],
    blobs: parts.flatMap((part) => part.blobs),
  };
}

/**
 * An image with one layer that holds one file of `sizeBytes` (below 8 GiB). The layer is a plain tar, so real clients
 * can unpack it, and is generated while it is read. The digest takes about a second per GiB.
 */
export function randomBlobImage(sizeBytes: number, seed = 'random'): SmallImage {
  const types = mediaTypes.oci;
  const archive = concatenated([
    contentOf(tarHeader('random', sizeBytes)),
    randomContent(sizeBytes, seed),
    contentOf(Buffer.concat([tarPadding(sizeBytes), tarEnd])),
  ]);
  const layer = blobOf(archive, types.layer);
  return single(platformImage({ platform: 'linux/amd64', types, layer, diffId: layer.digest, labels: {} }), [layer]);
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
  layer: SmallBlob;
  diffId: string;
  labels: Readonly<Record<string, string>>;
}): IndexPart {
  const { types, layer, diffId, labels } = image;
  const [os = '', architecture = ''] = image.platform.split('/');
  const platform = { os, architecture };
  const config = blobOf(
    contentOf(
      Buffer.from(
        JSON.stringify({
          created: '1970-01-01T00:00:00Z',
          ...platform,
          config: { Cmd: ['/hello'], Labels: labels },
          rootfs: { type: 'layers', diff_ids: [diffId] },
          history: [{ created: '1970-01-01T00:00:00Z', created_by: 'COPY . /' }],
        }),
      ),
    ),
    types.config,
  );
  const manifest = manifestOf(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptorOf(config),
    layers: [descriptorOf(layer)],
  });
  return { platform, manifest, config, blobs: [config, layer] };
}

/** As BuildKit adds it: an index entry for no platform that names the manifest it speaks of. */
function attestation(subject: SmallManifest, types: MediaTypes): IndexPart {
  const statement = {
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://slsa.dev/provenance/v0.2',
    subject: [{ name: 'image', digest: { sha256: subject.digest.slice('sha256:'.length) } }],
    predicate: { builder: { id: '' }, buildType: 'https://mobyproject.org/buildkit@v1' },
  };
  const layer = blobOf(contentOf(Buffer.from(JSON.stringify(statement))), 'application/vnd.in-toto+json');
  const part = platformImage({ platform: 'unknown/unknown', types, layer, diffId: layer.digest, labels: {} });
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
