import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { capturingShell } from '../capturing-shell.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'pullgate-cli-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

test.each([
  ['certificate', 'cert.pem', 'key.pem'],
  ['key', 'key.pem', 'cert.pem'],
])('a missing %s of TLS names the setting', async (missing, name, present) => {
  writeFileSync(path.join(cwd, present), 'x');
  writeFileSync(path.join(cwd, 'pullgate.yaml'), 'tls: { certificate: cert.pem, key: key.pem }');
  const shell = capturingShell({ cwd });
  expect(await run(['serve'], shell)).toBe(1);
  const file = path.join(cwd, name);
  expect(shell.stderr.text).toBe(
    `pullgate: There is no ${file}. Change tls.${missing} or PULLGATE_TLS_${missing.toUpperCase()}.\n`,
  );
});
