import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { HashOrder } from './hasher.ts';
import { slicesOf } from './ring.ts';

/** The thread's entry. It answers every order, the last one of a hash with the digest. */

const hashes = new Map<number, Hash>();

parentPort?.on('message', ({ id, algorithm, ring, start, end, isLast }: HashOrder) => {
  const hash = hashes.get(id) ?? createHash(algorithm);
  for (const slice of slicesOf(new Uint8Array(ring), start, end)) hash.update(slice);
  if (isLast) hashes.delete(id);
  else hashes.set(id, hash);
  parentPort?.postMessage(isLast ? hash.digest('hex') : '');
});
