import { useState } from 'react';
import type { CursorPaging } from './data-grid.tsx';

interface CursorPagesOptions {
  /** Of the page that is shown, as in the address; undefined for the newest. */
  readonly cursor: string | undefined;
  /** Of the page behind it, as the server told; null when there is none. */
  readonly next: string | null | undefined;
  readonly onCursor: (cursor: string | undefined) => void;
}

/** A server tells only the way to what is older. The way back is known for as long as the page is open. */
export function useCursorPages({ cursor, next, onCursor }: CursorPagesOptions): CursorPaging {
  const [before] = useState(() => new Map<string, string | undefined>());
  return {
    onNewest: cursor === undefined ? undefined : () => onCursor(undefined),
    onNewer: cursor !== undefined && before.has(cursor) ? () => onCursor(before.get(cursor)) : undefined,
    onOlder:
      next === null || next === undefined
        ? undefined
        : () => {
            before.set(next, cursor);
            onCursor(next);
          },
  };
}
