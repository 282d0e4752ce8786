import { expect, it } from 'vitest';
import { SingleFlight } from '../src/single-flight.ts';

it('runs one call per key at a time, and gives its answer to all who ask meanwhile', async () => {
  const flight = new SingleFlight<number>();
  let calls = 0;
  const call = async (): Promise<number> => ++calls;
  expect(await Promise.all([flight.run('a', call), flight.run('a', call), flight.run('b', call)])).toEqual([1, 1, 2]);
  expect(await flight.run('a', call)).toBe(3);
});

it('gives a failure to all who ask meanwhile, and to nobody afterwards', async () => {
  const flight = new SingleFlight<string>();
  const failing = async (): Promise<string> => {
    throw new Error('no');
  };
  const both = await Promise.allSettled([flight.run('a', failing), flight.run('a', failing)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await flight.run('a', async () => 'yes')).toBe('yes');
});
