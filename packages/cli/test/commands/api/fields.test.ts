import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Field, fieldsOf } from '../../../src/commands/api/fields.ts';
import { flagOf } from '../../../src/commands/api/options.ts';

const pem = z.object({ name: z.string() }).meta({ id: 'CliTestNamed' });

/** Only what is not usual: an optional text. */
function told(schema: z.ZodType): unknown {
  return fieldsOf(schema).map(({ path, description, ...field }: Field) => {
    const flags = Object.entries(field).flatMap(([name, value]) => (value === true ? [name] : []));
    const choices = field.choices ? [field.choices.join('|')] : [];
    return [path.join('.'), field.kind, ...flags, ...choices].join(' ');
  });
}

const required = 'isRequired isRequiredThere isExemplary';

test.each<[string, z.ZodType, readonly string[]]>([
  [
    'what may be absent, and what may not',
    z.object({ a: z.string(), b: z.string().optional(), c: z.string().default('x') }),
    [`a text ${required}`, 'b text', 'c text'],
  ],
  [
    'kinds',
    z.object({ n: z.int().optional(), b: z.boolean().optional(), e: z.enum(['x', 'y']).optional() }),
    ['n integer', 'b boolean', 'e text x|y'],
  ],
  [
    'lists of words, and lists of objects',
    z.object({ w: z.array(z.enum(['x', 'y'])).optional(), o: z.array(pem).optional() }),
    ['w texts x|y', 'o json'],
  ],
  [
    'nothing, written as null or as an empty text',
    z.object({ n: z.int().nullable().optional(), e: z.union([z.literal(''), z.enum(['x', 'y'])]).optional() }),
    ['n integer isNullable', 'e text x|y'],
  ],
  [
    'objects inside, which need what they have only where they are',
    z.object({ o: z.object({ s: z.string().meta({ format: 'password' }), t: z.string().optional() }).optional() }),
    ['o.s text isSecret isRequiredThere', 'o.t text'],
  ],
  ['a schema that has a name', pem, [`name text ${required}`]],
  [
    'a body of several kinds: all that one of them has, and for an example the first',
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), name: z.string(), only: z.string() }),
      z.object({ kind: z.literal('b'), name: z.string(), other: z.int() }),
    ]),
    [
      `kind text ${required} a|b`,
      `name text ${required}`,
      'only text isRequiredThere isExemplary',
      'other integer isRequiredThere',
    ],
  ],
])('%s', (_, schema, fields) => {
  expect(told(schema)).toEqual(fields);
});

test('a field is said by its whole path', () => {
  const [field] = fieldsOf(z.object({ proof: z.object({ user_name: z.string() }) }));
  expect(field && flagOf(field)).toBe('--proof-user-name');
});
