import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { databasePullStore, pullArchiveLocation } from '../../src/database/pull-store.ts';
import { openDatabase } from '../../src/database/sqlite.ts';
import { openRecorder } from '../../src/pulls/recorder.ts';
import { listSegments } from '../../src/pulls/segment.ts';
import { verifyChains } from '../../src/pulls/verify.ts';
import { quietLog } from './quiet-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('kill -9 at any moment loses no record that was answered for, and stores none twice', {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'pulls.db');
  const journal = join(folder, 'journal');
  const acknowledged: string[] = [];
  // The same folder each time: what one process leaves behind the next one takes in, and may be killed while it does.
  for (let round = 0; round < 4; round++) {
    acknowledged.push(...(await recordAndKill(journal, file, Math.ceil(Math.random() * 3000))));
  }

  const database = await openDatabase({ file, durability: 'relaxed' });
  onTestFinished(() => database.destroy());
  const store = databasePullStore(database);
  const recorder = openRecorder({
    folder: journal,
    archive: pullArchiveLocation({ kind: 'sqlite', file, durability: 'relaxed' }),
    store,
    retentionMs: 1e12,
    log: quietLog(),
  });
  await recorder.close(30_000);
  expect(listSegments(journal)).toEqual([]);

  const stored = await database.selectFrom('pull_records').select('id').execute();
  const ids = stored.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(await verifyChains(store)).toEqual({ records: ids.length, broken: [] });
});

/** Returns what the process acknowledged before it was killed, which is after so many acknowledgements at the earliest. */
async function recordAndKill(journal: string, file: string, atLeast: number): Promise<string[]> {
  const script = fileURLToPath(new URL('./record-until-killed.ts', import.meta.url));
  const child = spawn(process.execPath, [script, journal, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let output = '';
  let lines = 0;
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += chunk;
    lines += chunk.split('\n').length - 1;
    if (lines >= atLeast) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  // The last line may be torn; whole ones were acknowledged.
  return output.split('\n').slice(0, -1);
}
