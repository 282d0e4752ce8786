import { expect, test } from 'vitest';
import { ForgetfulMap } from '../src/forgetful-map.ts';

test('holds as many as it may, then begins anew', () => {
  const map = new ForgetfulMap<string, number>(2);
  map.set('a', 1).set('b', 2);
  expect([...map]).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  map.set('c', 3);
  expect([...map]).toEqual([['c', 3]]);
});
