import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNodeId } from '../../src/pulls/node-id.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('is made up once and kept', () => {
  const folder = temporaryFolder();
  const id = readNodeId(folder);
  expect(id).toMatch(/^[0-9a-f]{24}$/);
  expect(readNodeId(folder)).toBe(id);
  expect(readNodeId(temporaryFolder())).not.toBe(id);
  expect(statSync(join(folder, 'node-id')).mode & 0o777).toBe(0o600);
});

test('a file that holds something else is not taken for an id', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'node-id'), '');
  expect(() => readNodeId(folder)).toThrow(/node-id is damaged. Remove it/);
});
