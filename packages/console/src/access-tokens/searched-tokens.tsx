import { SearchedList } from '../components/searched-list.tsx';
import { pageOf, type TokenPage } from './token-row.ts';
import { TokenTable, type TokenTableProps } from './token-table.tsx';

interface SearchedTokensProps extends Omit<TokenTableProps, 'tokens'> {
  readonly all: TokenPage;
  readonly searchLabel: string;
  /** Empty for all. */
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

/** A list of tokens that is whole here, and what a search finds in it. */
export function SearchedTokens({ all, searchLabel, search, onSearch, ...table }: SearchedTokensProps) {
  return (
    <SearchedList
      items={all.rows}
      one="token"
      label={searchLabel}
      textOf={({ label, about }) => `${label} ${about}`}
      search={search}
      onSearch={onSearch}
    >
      {(found) => <TokenTable {...table} tokens={pageOf(found, table.page)} />}
    </SearchedList>
  );
}
