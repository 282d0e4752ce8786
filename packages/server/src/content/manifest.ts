import { type Digest, isDigest } from '@pullgate/policy';
import { ContentError } from './content-error.ts';
import { findAmbiguity } from './json-ambiguity.ts';

/** The limit of the distribution reference implementation and of containers/image. */
export const maxManifestBytes = 4 * 1024 * 1024;

const imageTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]);
const indexTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);

/** The manifests that the gate knows. Schema 1 is not among them: its layers are not bound by the digest. */
export const manifestMediaTypes: readonly string[] = [...imageTypes, ...indexTypes];

/** What a manifest refers to. */
export interface ManifestChild {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Which of the two endpoints clients fetch it from. */
  readonly kind: 'manifest' | 'blob';
}

export interface InspectedManifest {
  readonly mediaType: string;
  /** In the order of the document. */
  readonly children: readonly ManifestChild[];
}

const maxDescriptors = 10_000;
/** Parsing 4 MiB of empty objects stops everybody's pulls for a long moment. No image comes near this. */
const maxValues = 100_000;

/**
 * Reads what a manifest refers to, and refuses with `untrustworthy` every document that two readers could understand
 * differently or that leads clients past the gate. `mediaType` is what the registry calls it, without parameters.
 *
 * `subject` is not among the children: registries accept a subject that does not exist (OCI distribution-spec, "Pushing
 * manifests with subject"), so naming one proves nothing about what the repository holds.
 */
export function inspectManifest(bytes: Buffer, mediaType: string): InspectedManifest {
  const isImage = imageTypes.has(mediaType);
  if (!isImage && !indexTypes.has(mediaType)) {
    throw refused('is of a type that this gate does not serve, such as the long obsolete schema 1');
  }
  const document = parse(bytes);
  requireConsistent(document, mediaType, isImage);
  const descriptors = isImage ? [document['config'], ...listOf(document['layers'])] : listOf(document['manifests']);
  if (descriptors.length > maxDescriptors) throw refused(`refers to more than ${maxDescriptors} others`);
  if (document['subject'] !== undefined) childOf(document['subject']);
  return { mediaType, children: descriptors.map(childOf) };
}

type Json = Readonly<Record<string, unknown>>;

function parse(bytes: Buffer): Json {
  if (bytes.length > maxManifestBytes) throw refused(`is larger than ${maxManifestBytes / 1024 / 1024} MiB`);
  if (countValues(bytes) > maxValues) throw refused(`holds more than ${maxValues} values`);
  let text: string;
  let document: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    document = JSON.parse(text);
  } catch {
    throw refused('is not a JSON document');
  }
  const ambiguity = findAmbiguity(text, knownKeys);
  if (ambiguity !== undefined) throw refused(ambiguity);
  return objectOf(document);
}

/** As many as JSON could begin here at most, without parsing: commas in strings count too. */
function countValues(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === comma || byte === openingBrace || byte === openingBracket) count++;
  return count;
}

const comma = 0x2c;
const openingBracket = 0x5b;
const openingBrace = 0x7b;

/** The keys that decide what a client fetches. Each has one spelling: Go would take `Layers` for `layers`. */
const knownKeys: ReadonlySet<string> = new Set([
  'schemaVersion',
  'mediaType',
  'config',
  'layers',
  'manifests',
  'subject',
  'digest',
  'size',
  'urls',
  'data',
  'fsLayers',
]);

/** Both an index and an image (CVE-2021-41190), and types that disagree: clients would follow different parts of it. */
function requireConsistent(document: Json, mediaType: string, isImage: boolean): void {
  const has = (key: string): boolean => document[key] !== undefined;
  if (document['schemaVersion'] !== 2 || has('fsLayers')) throw refused('is not of schema version 2');
  if (has('mediaType') && document['mediaType'] !== mediaType) {
    throw refused('calls itself another type than the registry does');
  }
  const foreign = isImage ? has('manifests') : has('config') || has('layers');
  if (foreign) throw refused('claims to be both an image and an index');
}

function childOf(value: unknown): ManifestChild {
  const { digest, size, mediaType, urls } = objectOf(value);
  if (typeof digest !== 'string' || !isDigest(digest))
    throw refused('refers to content by no digest that can be verified');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw refused('refers to content without its size');
  if (typeof mediaType !== 'string') throw refused('refers to content without its type');
  // Clients fetch `urls` directly (CVE-2020-15157), past policy, records and verification.
  if (urls !== undefined && !(Array.isArray(urls) && urls.length === 0)) {
    throw refused('refers to content at other addresses (urls), which would lead clients past this gate');
  }
  const isManifest = imageTypes.has(mediaType) || indexTypes.has(mediaType);
  return { digest, size, kind: isManifest ? 'manifest' : 'blob' };
}

function objectOf(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('is malformed');
  return value as Json;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw refused('is malformed');
  return value;
}

function refused(what: string): ContentError {
  return new ContentError('untrustworthy', `The manifest is refused: it ${what}.`);
}
