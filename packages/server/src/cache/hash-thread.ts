import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { HashOrder } from './hasher.ts';

/** The thread's entry. It answers every order, the last one of a hash with the digest. */

const hashes = new Map<number, Hash>();

parentPort?.on('message', ({ id, algorithm, block, length, isLast }: HashOrder) => {
  const hash = hashes.get(id) ?? createHash(algorithm);
  hash.update(new Uint8Array(block, 0, length));
  if (isLast) hashes.delete(id);
  else hashes.set(id, hash);
  parentPort?.postMessage(isLast ? hash.digest('hex') : '');
});
