import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSigningSecret, signatureHeaders, signingKey } from '../../../src/activity/delivery/signature.ts';

describe('signatures of webhooks', () => {
  it('are those of Standard Webhooks: the example that its libraries are tested with', () => {
    const key = signingKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const headers = signatureHeaders(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}');
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('take any other secret as it is', () => {
    const expected = createHmac('sha256', 'swordfish').update('id.1.{}').digest('base64');
    expect(signatureHeaders(signingKey('swordfish'), 'id', 1, '{}')['webhook-signature']).toBe(`v1,${expected}`);
  });

  it.each([
    ['swordfish', true],
    ['whsec_c3dvcmRmaXNo', true],
    ['whsec_', false],
    ['whsec_sword fish', false],
    ['whsec_sword-fish', false],
  ])('%s is a secret: %s', (secret, is) => {
    expect(isSigningSecret(secret)).toBe(is);
  });
});
