import { useState } from 'react';

/**
 * The page of a list that is searched, from 1, and how to turn to another. What another search finds begins with its
 * first page.
 */
export function useSearchedPage(search: string): readonly [page: number, turnTo: (page: number) => void] {
  const [turned, setTurned] = useState({ search, page: 1 });
  return [turned.search === search ? turned.page : 1, (page) => setTurned({ search, page })];
}
