import { databasePullStore, pullArchiveLocation } from '../../src/database/pull-store.ts';
import { openDatabase } from '../../src/database/sqlite.ts';
import { newDecisionId } from '../../src/pulls/decision-id.ts';
import { openRecorder } from '../../src/pulls/recorder.ts';

// A gate in the middle of its work: records as fast as it can and says which records it would have answered for.

const [folder = '', file = ''] = process.argv.slice(2);
const database = await openDatabase({ file, durability: 'relaxed' });
const recorder = openRecorder({
  folder,
  archive: pullArchiveLocation({ kind: 'sqlite', file, durability: 'relaxed' }),
  store: databasePullStore(database),
  retentionMs: 1e12,
  segmentBytes: 40_000,
  log: console,
});

async function pullOnAndOn(client: string): Promise<never> {
  for (;;) {
    const id = newDecisionId();
    await recorder.record({
      id,
      at: Date.now(),
      verdict: 'allow',
      rule: 'category',
      organizationId: 'acme',
      policyVersion: 1,
      person: client,
      personId: client,
      tokenId: null,
      address: '127.0.0.1',
      client: 'docker',
      operation: 'manifest',
      method: 'GET',
      repository: 'docker.io/library/nginx',
      tag: 'latest',
      digest: null,
      category: 'official',
      stale: false,
    });
    process.stdout.write(`${id}\n`);
    // A breath, so that the pulls of several clients fall into one turn, as on a server.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

await Promise.all(['alice', 'bob', 'carol', 'dave'].map(pullOnAndOn));
