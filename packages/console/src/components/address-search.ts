import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Under what a page's address keeps what its lists are searched for. Where there are two, each has its own. */
type SearchKey = 'search' | 'deliveries' | 'domains' | 'passkeys' | 'providers' | 'sessions' | 'versions';

interface AddressSearch {
  /** Empty for all. */
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

/** What a list is searched for. Spaces stay: somebody may be about to type another word. */
export function useAddressSearch(key: SearchKey): AddressSearch {
  const { [key]: search = '' } = useSearch({ strict: false });
  const navigate = useNavigate();
  const onSearch = useCallback(
    (text: string) =>
      void navigate({
        to: '.',
        search: (before) => ({ ...before, [key]: text || undefined }),
        replace: true,
        // The list may be far down its page.
        resetScroll: false,
      }),
    [navigate, key],
  );
  return { search, onSearch };
}
