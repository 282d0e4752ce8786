import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../src/main/make-folder.ts';

const above = () => mkdtempSync(join(tmpdir(), 'pullgate-folder-'));

it('makes what is missing, for this user alone, and again', async () => {
  const folder = join(above(), 'a', 'b');
  await makeFolder(folder);
  await makeFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('may be made by two at once', async () => {
  const folder = join(above(), 'a', 'b');
  await Promise.all([makeFolder(folder), makeFolder(folder)]);
  expect(existsSync(folder)).toBe(true);
});

it('says that something else is in the way', async () => {
  const file = join(above(), 'file');
  writeFileSync(file, '');
  await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

// Node.js never gives up there by itself.
it.runIf(existsSync('/proc/self'))('says where none can be made', async () => {
  await expect(makeFolder('/proc/pullgate/data')).rejects.toMatchObject({ code: 'ENOENT', syscall: 'mkdir' });
});
