import { type Endpoint, endpoints } from '@pullgate/contract';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { answerText } from '../../../src/commands/api/answer-text.ts';
import { columns } from '../../../src/commands/api/columns.ts';

describe('an answer for people', () => {
  test.each<[string, unknown, readonly string[] | undefined, string]>([
    [
      'a list with the columns that are asked for',
      { count: 1, results: [{ at: '2026-11-23T10:15:00.123000Z', actor: { name: 'alice' }, rest: 1 }] },
      ['at', 'actor.name'],
      'AT                    ACTOR NAME\n2026-11-23 10:15:00Z  alice',
    ],
    ['a list with all that its items have', { data: [{ a: 1 }, { b: true }] }, undefined, 'A  B\n1\n   yes'],
    ['a list of words', ['x', 'y'], undefined, 'VALUE\nx\ny'],
    ['a list of nothing', { logs: [] }, ['a'], 'Nothing there.'],
    [
      'an object without what it does not have',
      {
        name: 'crew',
        gone: null,
        empty: '',
        none: [],
        is_on: false,
        list: { enabled: true, repositories: ['a', 'b'] },
      },
      undefined,
      'name               crew\nis on              no\nlist enabled       yes\nlist repositories  a, b',
    ],
    [
      'an object with its lists below',
      { verdict: 'deny', steps: [{ rule: 'owner', won: false }] },
      undefined,
      'verdict  deny\n\nsteps:\nRULE   WON\nowner  no',
    ],
    ['what would draw on the terminal', { name: 'a\u001b[2Jb\u202e' }, undefined, 'name  a?[2Jb?'],
  ])('%s', (_, answer, asked, text) => {
    expect(answerText(answer, asked)).toBe(text);
  });
});

test.each(Object.entries(columns))('the columns of %s are in what is answered', (name, shown) => {
  const endpoint = (endpoints as readonly Endpoint[]).find((one) => one.name === name);
  expect(endpoint).toBeDefined();
  const schema = JSON.stringify(endpoint?.success.schema && z.toJSONSchema(endpoint.success.schema));
  expect(shown.flatMap((column) => column.split('.')).filter((part) => !schema.includes(`"${part}":`))).toEqual([]);
});
