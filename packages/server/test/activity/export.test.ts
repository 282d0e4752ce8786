import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Activity } from '../../src/activity/activity.ts';
import { detailsAsText } from '../../src/activity/details-as-text.ts';
import { exportActivity } from '../../src/activity/export.ts';

const row: Activity = {
  sequence: 7,
  organizationId: 'c0ffee',
  action: 'org.member.role.change',
  actor: { kind: 'person', name: 'alice', id: 'a11ce', via: 'pat:1' },
  address: '192.0.2.7',
  at: 1_800_000_000_123,
  subject: 'bob',
  before: { role: 'member' },
  after: { role: 'owner' },
  previousHash: 'aa',
  hash: 'bb',
};

async function* rows(...all: readonly Activity[]) {
  yield* all;
}

async function exported(format: 'csv' | 'jsonl', ...all: readonly Activity[]): Promise<string> {
  return (await Array.fromAsync(exportActivity(rows(...all), format))).join('');
}

describe('CSV', () => {
  it('has a header, and a line for each row', async () => {
    expect((await exported('csv', row)).split('\r\n')).toEqual([
      'sequence,at,organization_id,action,actor_kind,actor,actor_id,via,address,name,before,after,previous_hash,hash',
      '7,2027-01-15T08:00:00.123000Z,c0ffee,org.member.role.change,person,alice,a11ce,pat:1,192.0.2.7,bob,' +
        '"{""role"":""member""}","{""role"":""owner""}",aa,bb',
      '',
    ]);
  });

  it('leaves empty what there is not', async () => {
    const bare = { ...row, organizationId: null, actor: { kind: 'system', name: 'catalog' }, address: null } as const;
    const [, line] = (await exported('csv', { ...bare, before: null, after: null })).split('\r\n');
    expect(line).toBe('7,2027-01-15T08:00:00.123000Z,,org.member.role.change,system,catalog,,,,bob,,,aa,bb');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('gives %j to no spreadsheet as a formula', async (name) => {
    const text = await exported('csv', { ...row, subject: name });
    expect(text).toContain(`,${/[\r]/.test(name) ? '"' : ''}'${name}`);
  });

  it('can be read back, whatever a name holds', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (name) => {
        const guarded = /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
        const [, cells = []] = parseCsv(await exported('csv', { ...row, subject: name }));
        expect(cells).toHaveLength(14);
        expect(cells[9]).toBe(guarded);
      }),
    ));
});

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    lines.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') lines.push([]);
  }
  return lines;
}

describe('JSON lines', () => {
  it('have a document for each row', async () => {
    const lines = (await exported('jsonl', row, { ...row, sequence: 8, subject: 'two\nlines' })).split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      sequence: 7,
      at: '2027-01-15T08:00:00.123000Z',
      organization_id: 'c0ffee',
      action: 'org.member.role.change',
      actor: row.actor,
      address: '192.0.2.7',
      name: 'bob',
      before: { role: 'member' },
      after: { role: 'owner' },
      previous_hash: 'aa',
      hash: 'bb',
    });
  });
});

describe('details as text', () => {
  it('are what a change was from and to, by dotted names', () => {
    const before = { version: 1, allow: { community: false }, repositories: ['docker.io/acme/web'] };
    expect(detailsAsText({ ...row, before, after: { version: 2, gone: null } })).toEqual({
      'actor.kind': 'person',
      'actor.via': 'pat:1',
      address: '192.0.2.7',
      'before.version': '1',
      'before.allow.community': 'false',
      'before.repositories': '["docker.io/acme/web"]',
      'after.version': '2',
    });
  });

  it('are strings at one level, whatever the details hold', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (after) => {
        for (const value of Object.values(detailsAsText({ ...row, after }))) expect(value).toBeTypeOf('string');
      }),
    ));
});
