import { digestOf } from './blob.ts';
import { descriptorOf, manifestOf, type SmallImage, type SmallManifest } from './image.ts';
import { mediaTypes } from './media-types.ts';

/** Docker's schema 1 from before 2016: no config, links between layers by name, a digest over a part of the document. */
export function schema1Manifest(repository: string): SmallManifest {
  return manifestOf('application/vnd.docker.distribution.manifest.v1+prettyjws', {
    schemaVersion: 1,
    name: repository,
    tag: 'latest',
    architecture: 'amd64',
    fsLayers: [{ blobSum: digestOf(Buffer.alloc(0)) }],
    history: [{ v1Compatibility: '{}' }],
  });
}

/** A manifest that is right in everything but its size, which is more than `bytes`. */
export function oversizeManifest(image: SmallImage, bytes: number = 5 * 1024 * 1024): SmallManifest {
  return manifestOf(mediaTypes.oci.manifest, { ...documentOf(image), annotations: { padding: ' '.repeat(bytes) } });
}

/** Tells clients to fetch the layers from elsewhere, past the registry (foreign layers, CVE-2020-15157). */
export function foreignLayersManifest(image: SmallImage, url: string): SmallManifest {
  const layers = image.layers.map((layer) => ({ ...descriptorOf(layer), urls: [url] }));
  return manifestOf(mediaTypes.oci.manifest, { ...documentOf(image), layers });
}

/** An index to one reader and an image to the next (CVE-2021-41190). */
export function ambiguousManifest(image: SmallImage): SmallManifest {
  const { mediaType, digest, bytes } = image.manifest;
  const manifests = [{ mediaType, digest, size: bytes.length, platform: { os: 'linux', architecture: 'amd64' } }];
  return manifestOf(mediaTypes.oci.manifest, { ...documentOf(image), manifests });
}

function documentOf(image: SmallImage): Readonly<Record<string, unknown>> {
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.oci.manifest,
    config: descriptorOf(image.config),
    layers: image.layers.map(descriptorOf),
  };
}
