import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTokenUseNotes, type TokenUse, type TokenUseStore } from '../../src/tokens/token-use.ts';

function recordingStore(): TokenUseStore & { written: (readonly TokenUse[])[]; broken: boolean } {
  return {
    written: [],
    broken: false,
    async noteUses(uses) {
      if (this.broken) throw new Error('the database is away');
      this.written.push(uses);
    },
  };
}

describe('uses of tokens', () => {
  it('are written together every few seconds, the latest of each token', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const store = recordingStore();
    const notes = createTokenUseNotes(store, () => expect.unreachable());
    notes.noteUse('a', 1, '192.0.2.1');
    notes.noteUse('b', 2, '192.0.2.2');
    notes.noteUse('a', 3, '192.0.2.3');
    expect(store.written).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(store.written).toEqual([
      [
        { id: 'a', at: 3, address: '192.0.2.3' },
        { id: 'b', at: 2, address: '192.0.2.2' },
      ],
    ]);
    await notes.close();
    expect(store.written).toHaveLength(1);
  });

  it('that could not be written are written later, unless there is a newer one', async () => {
    const store = recordingStore();
    const errors: unknown[] = [];
    const notes = createTokenUseNotes(store, (error) => errors.push(error));
    store.broken = true;
    notes.noteUse('a', 1, 'old');
    notes.noteUse('b', 1, 'old');
    const flushed = notes.flush();
    await flushed;
    expect(errors).toHaveLength(1);
    store.broken = false;
    notes.noteUse('a', 2, 'new');
    await notes.close();
    expect(store.written.flat()).toEqual([
      { id: 'a', at: 2, address: 'new' },
      { id: 'b', at: 1, address: 'old' },
    ]);
  });

  it('are written in batches, so that no transaction is long', async () => {
    const store = recordingStore();
    const notes = createTokenUseNotes(store, () => expect.unreachable());
    for (let index = 0; index < 450; index++) notes.noteUse(`token ${index}`, index, '');
    await notes.close();
    expect(store.written.map((batch) => batch.length)).toEqual([200, 200, 50]);
  });
});
