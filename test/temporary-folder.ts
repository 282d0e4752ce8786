import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for all that a run makes: what a test's download commits when the test is over would stay for ever. */
export default function setUp(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-test-'));
  // For `tmpdir()` of every worker, and of what they start.
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
