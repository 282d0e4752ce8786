import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPullArchive } from '../../../server/src/database/pull-store.ts';
import type { PullRecord } from '../../../server/src/pulls/pull-record.ts';
import { pullRecord } from '../../../server/test/pulls/pull-records.ts';
import { run } from '../../src/program.ts';
import { capturingShell } from '../capturing-shell.ts';

// Searching, exporting and counting what was pulled, on the data of a real installation.

let cwd: string;
/** Of acme. */
let organizationId: string;

beforeEach(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'pullgate-cli-'));
  expect((await pullgate('init --org acme --owner alice')).code).toBe(0);
  expect((await pullgate('member add bob')).code).toBe(0);
  const [{ organization_id }] = JSON.parse((await pullgate('activity list --action org.create --json')).out);
  organizationId = organization_id;
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

async function pullgate(line: string) {
  const shell = capturingShell({ cwd, env: { PULLGATE_HUB_URL: 'http://127.0.0.1:1' } });
  const code = await run(line.split(' '), shell);
  return { code, out: shell.stdout.text, err: shell.stderr.text };
}

async function json(line: string) {
  const { code, out, err } = await pullgate(`${line} --json`);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

/** Apart enough that it does not matter how long a test takes. */
const hour = 3_600_000;

/** Records of acme, the first the newest. */
async function store(...changes: Partial<PullRecord>[]): Promise<readonly PullRecord[]> {
  const now = Date.now();
  const records = changes.map((change, index) =>
    pullRecord({ organizationId, at: now - (index + 1) * hour, ...change }),
  );
  const archive = await openPullArchive({
    kind: 'sqlite',
    file: path.join(cwd, 'data', 'pulls.db'),
    durability: 'relaxed',
  });
  await archive.append('node-1', records.toReversed());
  await archive.close();
  return records;
}

const ids = (records: readonly { id: string }[]) => records.map(({ id }) => id);

describe('list', () => {
  test('shows the newest first, a line each, and tells that there are more', async () => {
    const [newest, second] = await store({ tag: 'newest' }, { tag: 'second', verdict: 'allow' }, { tag: 'third' });
    const { code, out, err } = await pullgate('pulls list --lines 2');
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.replace(/^[0-9-]{10} [0-9:]{8}Z {2}/, ''))).toEqual([
      `refuse  ${newest?.id}  alice  manifest  community, category  docker 10.1.2.3  docker.io/evil/miner:newest`,
      `allow   ${second?.id}  alice  manifest  community, category  docker 10.1.2.3  docker.io/evil/miner:second`,
      '',
    ]);
    expect(err).toBe('There are more: raise --lines, or narrow them down.\n');
  });

  test('lines up, however long what it shows is', async () => {
    await store(
      { repository: `docker.io/evil/${'x'.repeat(200)}`, operation: 'blob', verdict: 'allow' },
      { person: 'p'.repeat(40), address: '2001:db8:0:1:1:1:1:1', category: 'verified-publisher' },
      { person: null, rule: 'owner', stale: true, tag: null, digest: `sha256:${'0'.repeat(64)}` },
    );
    for (const command of ['pulls list', 'pulls tail --no-follow']) {
      const lines = (await pullgate(command)).out.trimEnd().split('\n');
      expect(lines).toHaveLength(3);
      for (const text of [/docker\.io/, /docker \d/, /\S+, (?:category|owner)/, /(?<= {2})(?:manifest|blob) /]) {
        expect(new Set(lines.map((line) => line.search(text))).size, `${text}`).toBe(1);
      }
    }
  });

  test('says so when there is nothing', async () => {
    expect(await pullgate('pulls list')).toEqual({ code: 0, out: 'Nothing was pulled like this.\n', err: '' });
    expect(await json('pulls list')).toEqual([]);
  });

  test('a name that draws on terminals does not', async () => {
    await store({ tag: '\u001b[2J' });
    expect((await pullgate('pulls list')).out).toContain('miner:?[2J');
  });

  test.each([
    ['--verdict allow', [1]],
    ['--verdict deny', [0, 2, 3]],
    ['--verdict refuse', [0, 2, 3]],
    ['--person bob', [1]],
    ['--image NGINX', [1, 2]],
    ['--image docker.io/lib*', [1]],
    ['--category official', [1]],
    ['--category community', [0, 3]],
    ['--category other-registry', [2]],
    ['--from 2.5h', [0, 1]],
    ['--to 2.5h', [2, 3]],
    ['--org acme', [0, 1, 2]],
    ['--org acme --verdict deny --from 1d --lines 1', [0]],
  ])('finds by %s', async (options, found) => {
    const records = await store(
      {},
      { verdict: 'allow', person: 'bob', repository: 'docker.io/library/nginx', category: 'official' },
      { repository: 'ghcr.io/some/nginx' },
      { organizationId: 'another' },
    );
    expect(ids(await json(`pulls list ${options}`))).toEqual(found.map((index) => records[index]?.id));
  });

  test.each([
    ['--lines 0', 2, 'It is a whole number from 1 to 1000.'],
    ['--lines 1001', 2, 'It is a whole number from 1 to 1000.'],
    ['--from yesterday', 2, 'how long ago (7d)'],
    ['--verdict no', 2, 'It is allow or refuse.'],
    ['--category bad', 2, 'Allowed choices are organization, official'],
    ['--org nobody', 1, 'There is no organization'],
    [`--image ${'x'.repeat(321)}`, 1, 'Search for at most 320 characters.'],
  ])('refuses %s', async (options, code, sentence) => {
    const ended = await pullgate(`pulls list ${options}`);
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.err).toContain(sentence);
  });
});

describe('tail', () => {
  test('shows the id that the link of a refusal ends with', async () => {
    const [refused] = await store({});
    expect((await pullgate('pulls tail --no-follow')).out).toContain(`Z  refuse  ${refused?.id}  alice  `);
  });

  test.each(['deny', 'refuse'])('shows only those of --verdict %s', async (verdict) => {
    const [refused] = await store({}, { verdict: 'allow' });
    const { code, out } = await pullgate(`pulls tail --no-follow --json --verdict ${verdict}`);
    expect(code).toBe(0);
    expect(JSON.parse(out).id).toBe(refused?.id);
  });
});

describe('export', () => {
  test('writes CSV, or with --json a document a line', async () => {
    const [newest, older] = await store({ tag: '=1+1' }, {});
    const csv = (await pullgate('pulls export --org acme')).out.split('\r\n');
    expect(csv).toHaveLength(4);
    expect(csv[0]).toMatch(/^id,at,verdict,/);
    expect(csv[1]).toContain(`,docker.io/evil/miner,'=1+1,`);
    for (const option of ['--json', '--format jsonl']) {
      const { out } = await pullgate(`pulls export ${option}`);
      const documents = out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(ids(documents)).toEqual([newest?.id, older?.id]);
      expect(documents[0]).toMatchObject({ organization_id: organizationId, tag: '=1+1' });
    }
  });

  test('takes the same filters', async () => {
    await store({}, { verdict: 'allow' });
    const { out } = await pullgate('pulls export --verdict allow --json');
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).verdict),
    ).toEqual(['allow']);
  });
});

describe('statistics', () => {
  test('count by time, category, image and person', async () => {
    await store(
      {},
      { person: null },
      { verdict: 'allow', category: 'official' },
      { operation: 'blob', verdict: 'allow' },
    );
    const { out } = await pullgate('pulls statistics --org acme --by hour --from 1d');
    expect(out).toMatch(/Allowed +1\nRefused +2\nStale +0\n/);
    expect(out).toMatch(/CATEGORY +ALLOWED +REFUSED\nOrganization +0 +0\nOfficial +1 +0\n/);
    expect(out).toMatch(/IMAGE +CATEGORY +REFUSED\ndocker.io\/evil\/miner +Community +2\n/);
    expect(out).toMatch(/PERSON +REFUSED\n/);
    expect(out).toContain('(nobody signed in)  1');
    const { allowed, refused, buckets } = await json('pulls statistics --by hour --from 1d');
    expect([allowed, refused]).toEqual([1, 2]);
    expect(buckets).toHaveLength(25);
    expect(buckets[0].start).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00.000Z$/);
  });

  test('of too long a time are refused', async () => {
    const { code, err } = await pullgate('pulls statistics --by hour --from 32d');
    expect([code, err]).toEqual([1, 'pullgate: By the hour, at most 31 days can be counted at once.\n']);
  });
});

describe('policy preview', () => {
  test('tells what would be refused, by whom and which images; nothing is changed', async () => {
    await store({ person: null, personId: null, tokenId: null, verdict: 'allow' });
    expect((await pullgate('policy set --enforce-sign-in off')).code).toBe(0);
    const { code, out } = await pullgate('policy preview --enable');
    expect(code).toBe(0);
    expect(out).toContain('Of 1 recorded requests of the last 30 days, 1 would be refused that are allowed now');
    expect(out).toMatch(/1 +docker.io\/evil\/miner +Community/);
    expect(out).toMatch(/1 +\(nobody signed in\)/);
    expect(await json('policy show')).toMatchObject({ policy: { enabled: false } });
    expect(await json('policy preview --enable --allow community')).toMatchObject({
      requests: 1,
      refused: { requests: 0 },
      allowed: { requests: 0 },
    });
  });

  test('tells of what was not judged', async () => {
    await store({});
    const { err } = await pullgate('policy preview --enable');
    expect(err).toBe('Not judged, of people and tokens that are gone: 1\n');
  });

  test('needs something to change', async () => {
    const { code, err } = await pullgate('policy preview --org acme');
    expect([code, err]).toEqual([2, expect.stringContaining('Say what to change, such as --enable.')]);
  });
});
