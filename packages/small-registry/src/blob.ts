import { createHash } from 'node:crypto';

/** Content with a known size that is produced piece by piece, so that gigabytes need no memory. */
export interface Content {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `start` up to but without `end`; all of them by default. Chunks must not be written to. */
  read(start?: number, end?: number): Iterable<Buffer>;
}

export interface SmallBlob extends Content {
  readonly digest: string;
  readonly mediaType: string;
}

/** `sha256:<hex>` of the whole content, computed piece by piece. */
export function digestOf(content: Content | Buffer): string {
  const hash = createHash('sha256');
  const chunks = Buffer.isBuffer(content) ? [content] : content.read();
  for (const chunk of chunks) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}

export function contentOf(bytes: Buffer): Content {
  return {
    size: bytes.length,
    *read(start = 0, end = bytes.length) {
      if (start < end) yield bytes.subarray(start, end);
    },
  };
}

/** One content after the other. */
export function concatenated(parts: readonly Content[]): Content {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return {
    size,
    *read(start = 0, end = size) {
      let offset = 0;
      for (const part of parts) {
        const from = Math.max(start - offset, 0);
        const to = Math.min(end - offset, part.size);
        if (from < to) yield* part.read(from, to);
        offset += part.size;
      }
    },
  };
}

/**
 * A prime number of bytes: whoever mixes up chunks of any usual size gets other bytes, and so another digest, although
 * the content repeats itself.
 */
const period = 1_048_583;

/** `size` bytes that look random and are the same for the same seed. Holds about 1 MiB, whatever the size. */
export function randomContent(size: number, seed: string): Content {
  const pattern = createHash('shake256', { outputLength: period }).update(seed).digest();
  return {
    size,
    *read(start = 0, end = size) {
      for (let position = start; position < end; ) {
        const offset = position % period;
        const chunk = pattern.subarray(offset, Math.min(period, offset + end - position));
        yield chunk;
        position += chunk.length;
      }
    },
  };
}

/** Names content by its digest. Reads it once. */
export function blobOf(content: Content, mediaType: string): SmallBlob {
  return {
    digest: digestOf(content),
    mediaType,
    size: content.size,
    read: (start = 0, end = content.size) => content.read(start, end),
  };
}
