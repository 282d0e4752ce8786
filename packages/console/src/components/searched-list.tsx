import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactNode, useState } from 'react';
import { counted } from './counted.ts';
import { EmptyState } from './empty-state.tsx';
import { SearchField } from './search-field.tsx';

/** From so many lines on, people search. With fewer, the eye is faster. */
const searchedFrom = 6;

interface ListSearchProps {
  readonly label: string;
  /** Of the list before it is searched. */
  readonly count: number;
  /** Empty for all. */
  readonly search: string;
  readonly onSearch: (search: string) => void;
  /** What is found, said beside the field. */
  readonly children?: ReactNode;
}

/** The field above a list that is long enough. What is searched for can always be changed, and nobody loses the field. */
export function ListSearch({ label, count, search, onSearch, children }: ListSearchProps) {
  const isNeeded = count >= searchedFrom || search !== '';
  const [wasNeeded, setWasNeeded] = useState(isNeeded);
  if (isNeeded && !wasNeeded) setWasNeeded(true);
  if (!isNeeded && !wasNeeded) return null;
  return (
    <Stack direction="row" sx={{ gap: 2, rowGap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
      <SearchField label={label} value={search} onSearch={onSearch} />
      <Typography variant="body2" color="textSecondary" role="status">
        {children}
      </Typography>
    </Stack>
  );
}

interface SearchedListProps<Item> {
  /** The whole list, which is here: where the server has it, the server searches. */
  readonly items: readonly Item[];
  /** What one of them is called, and many. */
  readonly one: string;
  readonly many?: string;
  readonly label: string;
  /** What an item is found by. */
  readonly textOf: (item: Item) => string;
  /** Empty for all. */
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly children: (found: readonly Item[]) => ReactNode;
}

/** A list that is whole here, and what a search finds in it. */
export function SearchedList<Item>(props: SearchedListProps<Item>) {
  const { items, one, many = `${one}s`, label, textOf, search, onSearch, children } = props;
  const wanted = search.trim().toLowerCase();
  const found = items.filter((item) => textOf(item).toLowerCase().includes(wanted));
  return (
    <Stack spacing={2}>
      <ListSearch label={label} count={items.length} search={search} onSearch={onSearch}>
        {wanted !== '' && `${found.length.toLocaleString()} of `}
        {counted(items.length, one, many)}
      </ListSearch>
      {found.length === 0 ? (
        <EmptyState title={`No ${one} is found`}>Search for less, or for something else.</EmptyState>
      ) : (
        children(found)
      )}
    </Stack>
  );
}
