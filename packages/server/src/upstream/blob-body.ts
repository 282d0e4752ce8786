import { finished } from 'node:stream';
import type { BlobBody } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import { lengthOf } from './answer-headers.ts';
import { destroyQuietly, type HttpAnswer } from './http-client.ts';
import { contentErrorOf } from './http-failure.ts';

/** The body of an answer to a request from byte `start`. Throws when it is not the rest of the blob from there. */
export function blobBody(name: string, answer: HttpAnswer, start: number): BlobBody {
  try {
    const size = start === 0 ? wholeSize(name, answer) : sizeOfRest(name, answer, start);
    return { size, chunks: chunksOf(name, answer) };
  } catch (error) {
    destroyQuietly(answer.body);
    throw error;
  }
}

function wholeSize(name: string, { status, headers }: HttpAnswer): number | undefined {
  if (status !== 200) throw otherPart(name);
  return lengthOf(headers);
}

const contentRange = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/;

function sizeOfRest(name: string, { status, headers }: HttpAnswer, start: number): number | undefined {
  if (status === 200) throw new ContentError('unavailable', `${name} cannot continue an interrupted download.`);
  const range = status === 206 ? contentRange.exec(String(headers['content-range'])) : null;
  if (range === null || Number(range[1]) !== start) throw otherPart(name);
  if (range[3] === '*') return undefined;
  const size = Number(range[3]);
  if (Number(range[2]) !== size - 1) throw otherPart(name);
  return size;
}

function otherPart(name: string): ContentError {
  return new ContentError('untrustworthy', `${name} answered with another part of the content than was asked for.`);
}

/** Chunks that wait for whoever reads them, before the connection has to. Each has at most 64 KiB. */
const maxWaiting = 16;

/**
 * A chunk is valid only until the next one is asked for. A promise for each, as the stream's own iterator makes it, would
 * cost a third of the whole transfer.
 */
async function* chunksOf(name: string, { body }: HttpAnswer): AsyncGenerator<Uint8Array, void> {
  const state: { arrived: Uint8Array[]; hasEnded: boolean; failure?: ContentError; wake(): void } = {
    arrived: [],
    hasEnded: false,
    wake: () => undefined,
  };
  body.on('data', (chunk: Uint8Array) => {
    state.arrived.push(chunk);
    if (state.arrived.length >= maxWaiting) body.pause();
    state.wake();
  });
  finished(body, { writable: false }, (error) => {
    if (error) state.failure = contentErrorOf(name, error);
    state.hasEnded = true;
    state.wake();
  });
  try {
    while (state.arrived.length > 0 || !state.hasEnded) {
      const chunks = state.arrived;
      state.arrived = [];
      for (const chunk of chunks) {
        yield chunk;
        free(chunk);
      }
      if (state.arrived.length > 0 || state.hasEnded) continue;
      const { promise, resolve } = Promise.withResolvers<void>();
      state.wake = resolve;
      body.resume();
      await promise;
    }
    if (state.failure) throw state.failure;
  } finally {
    destroyQuietly(body);
  }
}

/**
 * Lets go of a chunk's memory at once. Left to V8's collector, a blob of 200 MB has it mark the whole heap up to ten
 * times, and each chunk comes into memory that is not in the processor's cache. A chunk that shares its memory, with
 * the head of the answer or with other chunks, is left to the collector all the same.
 */
function free({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
