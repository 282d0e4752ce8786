import Box from '@mui/material/Box';
import { EmptyState } from '../components/empty-state.tsx';
import { SearchField } from '../components/search-field.tsx';
import { pageOf, type TokenPage } from './token-row.ts';
import { TokenTable, type TokenTableProps } from './token-table.tsx';

interface SearchedTokensProps extends Omit<TokenTableProps, 'tokens'> {
  readonly all: TokenPage;
  readonly searchLabel: string;
  /** Empty for all. */
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

/** From so many lines on, people search. */
const searchedFrom = 6;

/** A list of tokens that is whole here, and what a search finds in it. */
export function SearchedTokens({ all, searchLabel, search, onSearch, ...table }: SearchedTokensProps) {
  const tokens = pageOf(all, search, table.page);
  return (
    <>
      {(all.count >= searchedFrom || search !== '') && (
        <Box sx={{ display: 'flex', mb: 2 }}>
          <SearchField label={searchLabel} value={search} onSearch={onSearch} />
        </Box>
      )}
      {tokens.count === 0 ? (
        <EmptyState title="No token is found">Search for less.</EmptyState>
      ) : (
        <TokenTable {...table} tokens={tokens} />
      )}
    </>
  );
}
