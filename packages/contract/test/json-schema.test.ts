import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSchemaCollector } from '../src/json-schema.ts';

describe('Schemas with an id', () => {
  it('are gathered once and referred to', () => {
    const schemas = createSchemaCollector();
    const team = z.object({ name: z.string() }).meta({ id: 'TestTeam' });
    const reference = { $ref: '#/components/schemas/TestTeam' };
    expect(schemas.add(z.array(team), 'output')).toEqual({ type: 'array', items: reference });
    expect(schemas.add(team, 'input')).toEqual(reference);
    expect(schemas.components).toEqual({
      TestTeam: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    });
  });

  it('cannot be sent in one form and answered in another under one id', () => {
    const schemas = createSchemaCollector();
    const role = z.object({ role: z.string().default('member') }).meta({ id: 'TestRole' });
    schemas.add(z.array(role), 'output');
    expect(() => schemas.add(z.array(role), 'input')).toThrow('TestRole');
  });
});

describe('What only tells how a check is made', () => {
  it.each([
    ['the pattern of a time', z.iso.datetime(), { type: 'string', format: 'date-time' }],
    ['that a number is safe', z.int(), { type: 'integer' }],
    ['that other fields are left out', z.object({}), { type: 'object', properties: {} }],
  ])('is left out: %s', (_what, schema, wanted) => {
    expect(createSchemaCollector().add(schema, 'output')).toEqual(wanted);
  });
});
