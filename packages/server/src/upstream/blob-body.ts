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

async function* chunksOf(name: string, answer: HttpAnswer): AsyncGenerator<Uint8Array, void> {
  try {
    yield* answer.body as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw contentErrorOf(name, error);
  } finally {
    destroyQuietly(answer.body);
  }
}
