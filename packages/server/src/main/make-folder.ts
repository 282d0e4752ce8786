import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder for this user alone, unless it is there, and those above it that are missing. Not with `recursive`: where
 * the system lets nobody make one, below `/proc` for one, Node.js tries forever.
 *
 * @param path absolute
 * @throws the system's error: `EEXIST` when something else is there, `ENOENT` where none can be made
 */
export async function makeFolder(path: string): Promise<void> {
  if (!existsSync(dirname(path))) await makeFolder(dirname(path));
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (!(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
