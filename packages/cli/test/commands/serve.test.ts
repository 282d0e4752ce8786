import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { selfSignedCertificate } from '@pullgate/small-registry';
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

test.each([
  ['that is none', 'x', 'no start line'],
  ['of another key', selfSignedCertificate().cert, 'key values mismatch'],
])('a certificate of TLS %s is named, with its key and what is wrong', async (_, certificate, reason) => {
  writeFileSync(path.join(cwd, 'cert.pem'), certificate);
  writeFileSync(path.join(cwd, 'key.pem'), selfSignedCertificate().key);
  writeFileSync(path.join(cwd, 'pullgate.yaml'), 'tls: { certificate: cert.pem, key: key.pem }');
  const shell = capturingShell({ cwd });
  expect(await run(['serve'], shell)).toBe(1);
  const [cert, key] = [path.join(cwd, 'cert.pem'), path.join(cwd, 'key.pem')];
  expect(shell.stderr.text).toBe(
    `pullgate: The certificate ${cert} cannot be used with the key ${key}: ${reason}. Change tls.certificate and tls.key.\n`,
  );
});
