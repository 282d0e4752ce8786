import { type Endpoint, endpoints } from '@pullgate/contract';
import { describe, expect, it } from 'vitest';
import { bindEndpoints } from '../../src/api/bind.ts';
import type { Handlers } from '../../src/api/call.ts';

const reference = { openApi: '{}', html: '' };
const handlers: Partial<Handlers> = { getOrganization: () => Promise.reject(new Error('never called')) };

function endpointLike(change: Partial<Endpoint>): Endpoint {
  const [known] = endpoints.filter(({ name }) => name === 'getOrganization');
  if (!known) throw new Error('The table has no getOrganization.');
  return { ...known, ...change };
}

describe('the table', () => {
  it('is bound line by line, with the reference beside it', () => {
    const lines = bindEndpoints([endpointLike({})], handlers, reference);
    expect(lines).toContainEqual(expect.objectContaining({ method: 'GET', path: '/v2/orgs/{org}' }));
    expect(lines.map(({ path }) => path)).toEqual(expect.arrayContaining(['/openapi.json', '/docs/api']));
  });

  it.each<[string, Partial<Endpoint>, string]>([
    ['without a handler', { name: 'getNothing' }, 'The endpoint getNothing has no handler.'],
    ['named like what every object has', { name: 'constructor' }, 'The endpoint constructor has no handler.'],
    [
      'without a permission',
      { permission: undefined as unknown as Endpoint['permission'] },
      'The endpoint getOrganization does not say who may call it.',
    ],
    [
      'with a permission that nobody checks',
      { permission: { who: 'anybody' } as unknown as Endpoint['permission'] },
      'The endpoint getOrganization does not say who may call it.',
    ],
    [
      'for members of no organization that it names',
      { path: '/v2/things', params: undefined as unknown as NonNullable<Endpoint['params']> },
      'The endpoint getOrganization does not say which organization it is about.',
    ],
  ])('is not served at all with a line %s', (_what, change, message) => {
    expect(() => bindEndpoints([endpointLike(change)], handlers, reference)).toThrow(message);
  });
});
