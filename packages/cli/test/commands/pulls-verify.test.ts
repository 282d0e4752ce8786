import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPullArchive } from '../../../server/src/database/pull-store.ts';
import { pullRecords } from '../../../server/test/pulls/pull-records.ts';
import { run } from '../../src/program.ts';
import { capturingShell } from '../capturing-shell.ts';

let cwd: string;

beforeEach(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'pullgate-cli-'));
  expect((await pullgate('init --org acme --owner alice')).code).toBe(0);
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

async function pullgate(line: string) {
  const shell = capturingShell({ cwd, env: { PULLGATE_HUB_URL: 'http://127.0.0.1:1' } });
  const code = await run(line.split(' '), shell);
  return { code, out: shell.stdout.text, err: shell.stderr.text };
}

const database = () => path.join(cwd, 'data', 'pulls.db');

async function store(count: number) {
  const records = pullRecords(count);
  const archive = await openPullArchive({ kind: 'sqlite', file: database(), durability: 'relaxed' });
  await archive.append('node-1', records);
  await archive.close();
  return records;
}

/** What somebody does who can write the file. */
function tamper(statement: string): void {
  const sqlite = new DatabaseSync(database());
  sqlite.exec(statement);
  sqlite.close();
}

test.each([
  [0, '0 records, every link holds.\n'],
  [1, '1 record, every link holds.\n'],
  [3, '3 records, every link holds.\n'],
])('%i records that are as they were', async (count, out) => {
  if (count > 0) await store(count);
  expect(await pullgate('pulls verify')).toEqual({ code: 0, out, err: '' });
  const { out: document } = await pullgate('pulls verify --json');
  expect(JSON.parse(document)).toEqual({ ok: true, records: count, broken: [] });
});

test('a changed record is named', async () => {
  const [, second] = await store(3);
  tamper("UPDATE pull_records SET person = 'mallory' WHERE sequence = 2");
  expect(await pullgate('pulls verify')).toEqual({
    code: 1,
    out: `Record 2 (${second?.id}) of chain node-1 was changed.\n`,
    err: 'Records that hold: 1. Compare the others with a backup, or with a copy made elsewhere.\n',
  });
  const { code, out } = await pullgate('pulls verify --json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    ok: false,
    records: 1,
    broken: [{ chain: 'node-1', sequence: 2, id: second?.id, reason: 'changed' }],
  });
});

test.each([2, 3])('record %i of three that is not there is missing', async (sequence) => {
  await store(3);
  tamper(`DELETE FROM pull_records WHERE sequence = ${sequence}`);
  const { code, out } = await pullgate('pulls verify');
  expect([code, out]).toEqual([1, `Record ${sequence} of chain node-1 is missing.\n`]);
});
