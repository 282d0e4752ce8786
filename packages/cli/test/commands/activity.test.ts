import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { capturingShell } from '../capturing-shell.ts';

let cwd: string;

beforeEach(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'pullgate-cli-'));
  expect((await pullgate('init --org acme --owner alice')).code).toBe(0);
  expect((await pullgate('member add bob --org acme')).code).toBe(0);
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

async function pullgate(line: string) {
  const shell = capturingShell({ cwd, env: { PULLGATE_HUB_URL: 'http://127.0.0.1:1' } });
  const code = await run(line.split(' '), shell);
  return { code, out: shell.stdout.text, err: shell.stderr.text };
}

/** What somebody does who can write the file. */
function tamper(statement: string): void {
  const sqlite = new DatabaseSync(path.join(cwd, 'data', 'pullgate.db'));
  sqlite.exec(statement);
  sqlite.close();
}

const everything = ['org.member.add', 'person.create', 'pat.create', 'org.member.add', 'org.create', 'person.create'];

describe('activity list', () => {
  test('shows who changed what, newest first', async () => {
    const { code, out } = await pullgate('activity list --lines 2');
    expect(code).toBe(0);
    const [head, first, second, ...rest] = out.trimEnd().split('\n');
    expect(head).toMatch(/^ROW +TIME +WHO +ACTION +WHAT +ORGANIZATION +FROM$/);
    expect(first).toMatch(/^6 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +root \(command-line\) +org\.member\.add +bob +acme$/);
    expect(second).toMatch(/^5 .* person\.create +bob$/);
    expect(rest).toEqual([]);
  });

  test.each([
    ['', everything],
    [' --org acme', ['org.member.add', 'pat.create', 'org.member.add', 'org.create']],
    [' --action org.member.add', ['org.member.add', 'org.member.add']],
    [' --name bob', ['org.member.add', 'person.create']],
    [' --actor root', everything],
    [' --actor mallory', []],
    [' --from 1h', everything],
    [' --to 1h', []],
    [' --before 3', ['org.create', 'person.create']],
    [' --to 2026-01-01', []],
  ])('finds what%s says', async (filter, actions) => {
    const { code, out } = await pullgate(`activity list --json${filter}`);
    expect(code).toBe(0);
    expect(JSON.parse(out).map(({ action }: { action: string }) => action)).toEqual(actions);
  });

  test('says how to go on, and when there is nothing', async () => {
    expect((await pullgate('activity list --lines 2')).err).toBe('Older ones: --before 5\n');
    expect(await pullgate('activity list --actor mallory')).toEqual({
      code: 0,
      out: 'Nothing was changed.\n',
      err: '',
    });
  });

  test.each([
    ['--from yesterday', 2, /It is a day/],
    ['--lines 0', 2, /whole number from 1 to 1000/],
    ['--before x', 2, /number of a row/],
    ['--org globex', 1, /globex/],
  ])('does not take %s', async (options, code, message) => {
    const result = await pullgate(`activity list ${options}`);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(message);
    expect(result.out).toBe('');
  });

  test('lets no name draw on the terminal', async () => {
    tamper("update activity set subject = 'b' || char(27) || '[31mob' where sequence = 6");
    expect((await pullgate('activity list')).out).not.toContain('\u001b');
  });
});

describe('activity export', () => {
  test('writes CSV, oldest first', async () => {
    const { code, out, err } = await pullgate('activity export');
    expect([code, err]).toEqual([0, '']);
    const lines = out.split('\r\n');
    expect(lines).toHaveLength(8);
    expect(lines[0]).toMatch(/^sequence,at,/);
    expect(lines[1]).toMatch(/^1,.*,person\.create,command-line,root,/);
  });

  test.each(['--format jsonl', '--json'])('writes JSON lines with %s, narrowed down', async (option) => {
    const { out } = await pullgate(`activity export ${option} --org acme --action org.member.add`);
    const rows = out.trimEnd().split('\n');
    expect(rows.map((line) => JSON.parse(line).name)).toEqual(['alice', 'bob']);
  });

  test('knows no other format', async () => {
    expect((await pullgate('activity export --format xlsx')).code).toBe(2);
  });
});

describe('activity verify', () => {
  test('prints the newest row, which is found again later', async () => {
    const { code, out } = await pullgate('activity verify');
    expect(code).toBe(0);
    const [, noted = ''] = /^6 rows, every link holds\.\nNewest: (6:[0-9a-f]{64})\n$/.exec(out) ?? [];
    expect((await pullgate('member add carol --org acme')).code).toBe(0);
    expect((await pullgate(`activity verify --expect ${noted}`)).code).toBe(0);
    const other = await pullgate(`activity verify --expect 6:${'0'.repeat(64)}`);
    expect([other.code, other.out]).toEqual([1, 'Row 6 is another one than it was.\n']);
  });

  test('names the first row that does not fit', async () => {
    tamper("update activity set subject = 'mallory' where sequence = 4");
    expect(await pullgate('activity verify')).toEqual({
      code: 1,
      out: 'Row 4 was changed after it was written.\n',
      err: 'Rows that hold: 3. Compare the others with a backup, or with what was delivered elsewhere.\n',
    });
    const { code, out } = await pullgate('activity verify --json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      intact: false,
      rows: 3,
      sequence: 4,
      reason: 'Row 4 was changed after it was written.',
    });
  });

  test('finds that the newest was cut off', async () => {
    tamper('delete from activity where sequence = 6');
    expect((await pullgate('activity verify')).code).toBe(1);
  });

  test('does not take half of a row', async () => {
    expect((await pullgate('activity verify --expect 6')).code).toBe(2);
  });
});

test('activity actions lists them by group', async () => {
  const { code, out } = await pullgate('activity actions');
  expect(code).toBe(0);
  expect(out).toMatch(/^org\.member\.add +A person became a member\.$/m);
  expect(JSON.parse((await pullgate('activity actions --json')).out)).toMatchObject({
    pat: { actions: expect.anything() },
  });
});

test.each(['list', 'export', 'verify', 'actions'])('activity %s has help with examples', async (verb) => {
  const { code, out } = await pullgate(`activity ${verb} --help`);
  expect(code).toBe(0);
  expect(out).toContain(`$ pullgate activity ${verb}`);
  expect(out).toContain('Exit codes:');
});
