import { createHash } from 'node:crypto';
import type { Digest } from '@pullgate/policy';
import type { BlobBody, Upstream } from '../../src/content/content.ts';
import { ContentError } from '../../src/content/content-error.ts';

/** A body that gives what the test gives it, when the test gives it. */
export interface ControlledBody extends BlobBody {
  give(bytes: Uint8Array): void;
  end(): void;
  break(error?: Error): void;
  /** Chunks that were taken out. */
  readonly taken: number;
  /** The reader left the loop. */
  readonly isLeft: boolean;
}

type Event = { bytes: Uint8Array } | { error: Error } | 'end';

export function controlledBody(size?: number): ControlledBody {
  const events: Event[] = [];
  let taken = 0;
  let isLeft = false;
  let wake: () => void = () => undefined;
  const put = (event: Event): void => {
    events.push(event);
    wake();
  };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const event = events.shift();
        if (event === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else if (event === 'end') return;
        else if ('error' in event) throw event.error;
        else {
          taken++;
          yield event.bytes;
        }
      }
    } finally {
      isLeft = true;
    }
  }
  return {
    size,
    chunks: chunks(),
    give: (bytes) => put({ bytes }),
    end: () => put('end'),
    break: (error = unavailable()) => put({ error }),
    get taken() {
      return taken;
    },
    get isLeft() {
      return isLeft;
    },
  };
}

/** A body that is there as a whole, in chunks of a size, and what it announces. */
export function bodyOf(bytes: Buffer, chunkSize = 64 * 1024, announced: number | 'nothing' = bytes.length): BlobBody {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
  }
  return { size: announced === 'nothing' ? undefined : announced, chunks: chunks() };
}

export function unavailable(message = 'The upstream is not available.'): ContentError {
  return new ContentError('unavailable', message);
}

export function notFound(message = 'There is no such thing in this repository.'): ContentError {
  return new ContentError('not-found', message);
}

/** An upstream that has nothing but what the test says. */
export function fakeUpstream(parts: Partial<Upstream>): Upstream {
  const nothing = async () => {
    throw notFound();
  };
  return {
    describeManifest: nothing,
    manifest: nothing,
    tags: nothing,
    referrers: nothing,
    fetchBlob: nothing,
    describeBlob: nothing,
    ...parts,
  };
}

export function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
}

/** Bytes that differ everywhere, the same for the same size. */
export function pattern(size: number): Buffer {
  return createHash('shake256', { outputLength: size }).update(`pattern ${size}`).digest();
}
