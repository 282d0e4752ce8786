export type { SmallRequest } from './answer.ts';
export { blobOf, type Content, contentOf, digestOf, randomContent, type SmallBlob } from './blob.ts';
export { selfSignedCertificate } from './certificate.ts';
export type { Fault, Faults } from './faults.ts';
export { ambiguousManifest, foreignLayersManifest, oversizeManifest, schema1Manifest } from './hostile-manifests.ts';
export { type Namespace, type SmallHub, type SmallHubOptions, startSmallHub } from './hub.ts';
export {
  buildImage,
  buildReferrer,
  type ImageOptions,
  manifestOf,
  randomBlobImage,
  randomLayersImage,
  type SmallImage,
  type SmallManifest,
} from './image.ts';
export { type ImageFormat, mediaTypes } from './media-types.ts';
export type { PullLimitOptions } from './pull-limit.ts';
export { type SmallRegistry, type SmallRegistryOptions, startSmallRegistry } from './registry.ts';
export type { TokenAuthOptions } from './token-auth.ts';
