import { errorBody as errorSchema, loginErrorBody } from '@pullgate/contract';
import { InvalidReference } from '@pullgate/policy';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  AlreadyExists,
  InvalidInput,
  LastOwner,
  LimitReached,
  NotFound,
  PolicyConflict,
} from '../../src/administration-error.ts';
import { ApiError, errorBody, invalidRequest, nothingThere, toApiError } from '../../src/api/errors.ts';
import { ContentError } from '../../src/content/content-error.ts';
import { PullQueryError } from '../../src/pulls/query-client.ts';

const body = (error: ApiError | undefined) => JSON.parse(errorBody(error ?? new ApiError(599, ''), 'hub'));

describe('what the domain cannot do', () => {
  it.each([
    ['what is not there', new NotFound('There is no team x.'), 404],
    ['a name that is taken', new AlreadyExists('taken'), 409],
    ['a stale version', new PolicyConflict('acme', 7), 412],
    ['the last owner', new LastOwner('last'), 400],
    ['a limit', new LimitReached('enough'), 400],
    ['wrong input', new InvalidInput('expiresAt', 'too early'), 400],
    ['a reference that is none', new InvalidReference('invalid-path', 'no name'), 400],
    ['too many searches at once', new PullQueryError('Too many.'), 503],
    ['an upstream that is away', new ContentError('unavailable', 'hub is away'), 503],
    ['an upstream that asks to slow down', new ContentError('rate-limited', 'slow', { retryAfter: 7 }), 503],
    ['an upstream that lies', new ContentError('untrustworthy', 'lies'), 502],
    ['an upstream without it', new ContentError('not-found', 'nothing'), 404],
  ])('%s is told with its status, in the superset of Docker Hub’s shapes', (_what, error, status) => {
    const failure = toApiError(error);
    expect(failure?.status).toBe(status);
    expect(errorSchema.parse(body(failure))).toMatchObject({ errinfo: {} });
    expect(body(failure).message).toBe(body(failure).detail);
  });

  it('is nothing that nobody foresaw', () => {
    expect(toApiError(new Error('secret'))).toBeUndefined();
    expect(toApiError('secret')).toBeUndefined();
  });

  it('names the field as the API does', () => {
    expect(body(toApiError(new InvalidInput('expiresAt', 'too early')))).toMatchObject({
      fields: { expires_at: ['too early'] },
      text: 'too early',
    });
  });
});

describe('the words “not found”', () => {
  it.each([
    ['a message without them', new NotFound('There is no team x.')],
    ['what a stranger gets', nothingThere()],
    ['a long message', new ApiError(404, 'x'.repeat(2000))],
  ])('are within the first 500 bytes of a 404: %s', (_what, error) => {
    expect(errorBody(toApiError(error) ?? nothingThere(), 'hub').slice(0, 500)).toMatch(/not found/i);
  });

  it.each([400, 401, 403, 405, 409, 412, 413, 429, 500, 503])('are in no %s, whatever it quotes', (status) => {
    const error = new ApiError(status, 'team "not found" and Not Found', { fields: { 'not found': ['NOT FOUND'] } });
    expect(errorBody(error, 'hub')).not.toMatch(/not found/i);
    expect(errorBody(error, 'login')).not.toMatch(/not found/i);
    expect(errorBody(error, 'scim')).not.toMatch(/not found/i);
  });
});

describe('a request that cannot be read', () => {
  const schema = z.object({ name: z.string(), list: z.array(z.object({ count: z.int() })) });

  it('is told field by field, and in one line', () => {
    const { error } = schema.safeParse({ list: [{ count: 'many' }] });
    if (!error) throw new Error('It was read.');
    const { fields, text } = body(invalidRequest(error, 'body'));
    expect(Object.keys(fields)).toEqual(['name', 'list.0.count']);
    expect(text).toContain('list.0.count: ');
  });

  it('is told by a few of its faults', () => {
    const { error } = schema.safeParse({ name: 'x', list: Array.from({ length: 500 }, () => ({})) });
    if (!error) throw new Error('It was read.');
    expect(Object.keys(body(invalidRequest(error, 'body')).fields)).toHaveLength(20);
  });

  it('names the whole when no field is to blame', () => {
    const { error } = schema.safeParse('text');
    if (!error) throw new Error('It was read.');
    expect(Object.keys(body(invalidRequest(error, 'body')).fields)).toEqual(['body']);
  });
});

it('says of a refused login exactly why, and what the second step takes', () => {
  const error = new ApiError(401, 'Require secondary authentication', { secondFactorTicket: 'ticket' });
  const login = JSON.parse(errorBody(error, 'login'));
  expect(loginErrorBody.parse(login)).toEqual(login);
  expect(login).toEqual({ detail: 'Require secondary authentication', login_2fa_token: 'ticket' });
});
