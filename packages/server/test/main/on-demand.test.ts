import { describe, expect, it } from 'vitest';
import { onDemand } from '../../src/main/on-demand.ts';

describe('a part that is loaded on demand', () => {
  it('is not loaded before somebody asks, and once for all who ask', async () => {
    let loads = 0;
    const part = onDemand(async () => ({ load: ++loads }));
    expect(loads).toBe(0);
    const [first, second] = await Promise.all([part(), part()]);
    expect(second).toBe(first);
    expect(await part()).toBe(first);
    expect(loads).toBe(1);
  });

  it('is loaded anew after an attempt that failed', async () => {
    const attempts = [Promise.reject(new Error('no memory')), Promise.resolve('part')];
    const part = onDemand(() => attempts.shift() ?? Promise.reject(new Error('a third attempt')));
    await expect(part()).rejects.toThrow('no memory');
    expect(await part()).toBe('part');
    expect(await part()).toBe('part');
  });
});
