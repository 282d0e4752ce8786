import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const shape = /^[0-9a-f]{24}$/;

/**
 * The id of this node, which is also the id of its chain of pull records: made up at the first start and kept in the
 * folder. The folder must be locked.
 *
 * @throws Error when the file holds something else
 */
export function readNodeId(folder: string): string {
  const file = join(folder, 'node-id');
  if (!existsSync(file)) return createNodeId(file);
  const id = readFileSync(file, 'utf8').trim();
  if (shape.test(id)) return id;
  throw new Error(`${file} is damaged. Remove it: this node then starts a new chain of pull records, older ones stay.`);
}

function createNodeId(file: string): string {
  const id = randomBytes(12).toString('hex');
  writeFileSync(`${file}.new`, `${id}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return id;
}
