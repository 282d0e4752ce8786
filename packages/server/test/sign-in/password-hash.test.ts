import { expect, it } from 'vitest';
import { createPasswordHashes, PasswordsBusy } from '../../src/sign-in/password-hash.ts';

it('sets a password also while strangers try more of them than are checked at once', async () => {
  const hashes = createPasswordHashes({ memory: 1024, passes: 1 });
  const tries = Promise.allSettled(Array.from({ length: 200 }, () => hashes.verify(undefined, 'guessed')));
  const hash = await hashes.hash('correct horse battery staple');
  expect((await tries).some((one) => one.status === 'rejected' && one.reason instanceof PasswordsBusy)).toBe(true);
  expect(await hashes.verify(hash, 'correct horse battery staple')).toBe(true);
});
