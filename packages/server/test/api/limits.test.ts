import { scimErrorBody } from '@pullgate/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTimeout } from '../gate/small-world.ts';
import { openSmallApi, type SmallApi } from './small-api.ts';

// How much of the gate one caller can take. Each of these tests uses up what an address has, so they follow one another.

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
}, startTimeout);
afterAll(() => api.close(), startTimeout);

describe('a body that is too large', () => {
  it('of whoever says to be an identity provider is not read without a bearer', async () => {
    const body = JSON.stringify({ schemas: ['x'], userName: 'x'.repeat(1024 * 1024) });
    const answer = await api.call('POST', '/v2/scim/2.0/Users', { body });
    expect([answer.status, answer.headers['content-type']]).toEqual([401, 'application/scim+json']);
    expect(scimErrorBody.parse(answer.json)).toMatchObject({ status: '401' });
  });

  it('in a browser’s sign-in is refused', async () => {
    const headers = { origin: api.world.gate.url };
    const body = { username: 'max', password: 'x'.repeat(1024 * 1024) };
    expect((await api.call('POST', '/api/auth/sign-in/username', { body, headers })).status).toBe(413);
  });
});

describe('too many requests', () => {
  it('of strangers from one address are answered 429, in seconds, while people go on', async () => {
    await api.bearer(api.world.member);
    let refused = await api.call('GET', '/v2/user');
    for (let tries = 0; refused.status !== 429 && tries < 200; tries++) refused = await api.call('GET', '/v2/user');
    expect(refused.status).toBe(429);
    expect(refused.json.detail).toContain('180 requests per minute');
    const wait = Number(refused.headers['retry-after']);
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(60);
    const until = Number(refused.headers['x-retry-after']);
    expect(Math.abs(until - (Date.now() / 1000 + wait))).toBeLessThan(30);
    expect(refused.headers['x-ratelimit-remaining']).toBe('0');
    // A login is a stranger’s request as well: guessing names and passwords ends here.
    const body = { username: 'max', password: 'guess' };
    expect((await api.call('POST', '/v2/users/login', { body })).status).toBe(429);
    expect((await api.call('GET', '/v2/user', { as: api.world.member })).status).toBe(200);
  });
});
