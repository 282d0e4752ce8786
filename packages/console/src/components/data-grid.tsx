import DensityMediumIcon from '@mui/icons-material/DensityMedium';
import DensitySmallIcon from '@mui/icons-material/DensitySmall';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Pagination from '@mui/material/Pagination';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import { useTheme } from '@mui/material/styles';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import useMediaQuery from '@mui/material/useMediaQuery';
import { type GridColDef, type GridRowId, type GridValidRowModel, DataGrid as MuiDataGrid } from '@mui/x-data-grid';
import { type ReactNode, useState } from 'react';
import { styleNonce } from '../app/style-nonce.ts';
import { ErrorMessage } from './error-message.tsx';

/** A column; the server sorts and filters, so columns do not. */
export type Column<Row extends GridValidRowModel> = Omit<GridColDef<Row>, 'sortable' | 'filterable'> & {
  /** Left out on screens narrower than this: tell it in the row's details instead. */
  readonly hiddenBelow?: 'sm' | 'md' | 'lg';
};

/** Pages by number, of a list that the server counts. */
export interface NumberedPaging {
  /** From 1. */
  readonly page: number;
  /** At most 100. */
  readonly pageSize: number;
  /** Rows of all pages; undefined until the first answer. */
  readonly count: number | undefined;
  readonly onPage: (page: number) => void;
}

/** Pages of a list that only grows, newest first, which nobody counts. A way that is not there is undefined. */
export interface CursorPaging {
  readonly onNewest?: (() => void) | undefined;
  readonly onNewer?: (() => void) | undefined;
  readonly onOlder?: (() => void) | undefined;
}

interface DataGridProps<Row extends GridValidRowModel> {
  /** What the rows are: `Pulls`. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Of this page; undefined until the first answer. */
  readonly rows: readonly Row[] | undefined;
  readonly rowId: (row: Row) => GridRowId;
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly onRetry: () => void;
  /** In place of the rows when there are none: what that means and what to do. */
  readonly empty: ReactNode;
  readonly paging: NumberedPaging | CursorPaging;
  /** A click on a row, or Enter in it. */
  readonly onOpen?: (row: Row) => void;
}

/** Most rows of one page: the grid takes no more. */
export const mostRowsOfPage = 100;

/** A page of a long list. Arrow keys move between its cells; Enter opens the row. */
export function DataGrid<Row extends GridValidRowModel>(props: DataGridProps<Row>) {
  const { label, columns, rows, rowId, isLoading, error, onRetry, empty, paging, onOpen } = props;
  const [density, setDensity] = useDensity();
  const visibility = useVisibility(columns);
  if (error) return <ErrorMessage error={error} onRetry={onRetry} />;
  const isEmpty = rows?.length === 0 && !isLoading;
  const isNumbered = 'page' in paging;
  return (
    <Paper sx={{ overflow: 'hidden' }}>
      {isEmpty ? (
        empty
      ) : (
        // The grid is as high as its rows, and scrolls what a window cannot show: only what is seen is drawn.
        <Box sx={{ display: 'flex', flexDirection: 'column', maxHeight: 'max(420px, 100vh - 260px)' }}>
          <MuiDataGrid
            aria-label={label}
            nonce={styleNonce}
            disableEval
            columns={columns.map(({ hiddenBelow: _, ...column }) => ({ minWidth: 100, ...column }))}
            columnVisibilityModel={visibility}
            rows={rows ?? []}
            getRowId={rowId}
            loading={isLoading}
            density={density}
            paginationMode="server"
            rowCount={isNumbered ? (paging.count ?? 0) : -1}
            paginationModel={isNumbered ? { page: paging.page - 1, pageSize: paging.pageSize } : onlyPage}
            disableColumnFilter
            disableColumnMenu
            disableColumnSelector
            disableColumnSorting
            rowSelection={false}
            hideFooter
            slotProps={{ loadingOverlay: { variant: 'linear-progress', noRowsVariant: 'skeleton' } }}
            {...(onOpen && {
              onRowClick: ({ row }) => onOpen(row),
              onCellKeyDown: ({ row }, event) => {
                // Enter in a control of a cell is that control's.
                const isControl = event.target instanceof Element && event.target.closest('a, button, input') !== null;
                if (event.key !== 'Enter' || isControl) return;
                // The key is still down: without this it would press the button that has the focus next, which closes.
                event.preventDefault();
                onOpen(row);
              },
            })}
            sx={{
              border: 0,
              '--DataGrid-overlayHeight': '160px',
              '& .MuiDataGrid-row': { cursor: onOpen ? 'pointer' : 'default' },
              // Behind the last column there is nothing to part it from.
              '& .MuiDataGrid-columnHeader--last .MuiDataGrid-columnSeparator': { display: 'none' },
            }}
          />
        </Box>
      )}
      <Stack
        direction="row"
        sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'center', px: 2, py: 1, borderTop: 1, borderColor: 'divider' }}
      >
        <DensityButton isCompact={density === 'compact'} onChange={setDensity} />
        <Box sx={{ flex: 1 }} />
        {isNumbered ? <PageNumbers label={label} {...paging} /> : <CursorButtons label={label} {...paging} />}
      </Stack>
    </Paper>
  );
}

const onlyPage = { page: 0, pageSize: mostRowsOfPage };

type Density = 'compact' | 'standard';

const densityKey = 'pullgate-density';

/** As the viewer chose it, in this browser. */
function useDensity(): readonly [Density, (density: Density) => void] {
  const [density, setDensity] = useState<Density>(() =>
    localStorage.getItem(densityKey) === 'standard' ? 'standard' : 'compact',
  );
  function choose(next: Density): void {
    localStorage.setItem(densityKey, next);
    setDensity(next);
  }
  return [density, choose];
}

function useVisibility<Row extends GridValidRowModel>(columns: readonly Column<Row>[]): Record<string, boolean> {
  const { breakpoints } = useTheme();
  const isShown = {
    sm: useMediaQuery(breakpoints.up('sm')),
    md: useMediaQuery(breakpoints.up('md')),
    lg: useMediaQuery(breakpoints.up('lg')),
  };
  return Object.fromEntries(
    columns.map(({ field, hiddenBelow }) => [field, hiddenBelow === undefined || isShown[hiddenBelow]]),
  );
}

interface DensityButtonProps {
  readonly isCompact: boolean;
  readonly onChange: (density: Density) => void;
}

function DensityButton({ isCompact, onChange }: DensityButtonProps) {
  const title = isCompact ? 'Higher rows' : 'Lower rows';
  return (
    <Tooltip title={title}>
      <IconButton size="small" aria-label={title} onClick={() => onChange(isCompact ? 'standard' : 'compact')}>
        {isCompact ? <DensityMediumIcon fontSize="small" /> : <DensitySmallIcon fontSize="small" />}
      </IconButton>
    </Tooltip>
  );
}

function PageNumbers({ label, page, pageSize, count = 0, onPage }: NumberedPaging & { readonly label: string }) {
  const first = Math.min((page - 1) * pageSize + 1, count);
  const last = Math.min(page * pageSize, count);
  const pages = Math.max(1, Math.ceil(count / pageSize));
  return (
    <>
      <Typography variant="body2" color="textSecondary" role="status">
        {first.toLocaleString()}–{last.toLocaleString()} of {count.toLocaleString()}
      </Typography>
      {pages > 1 && (
        <Pagination
          aria-label={`Pages of ${label}`}
          size="small"
          count={pages}
          page={page}
          siblingCount={0}
          onChange={(_, next) => onPage(next)}
        />
      )}
    </>
  );
}

function CursorButtons({ label, onNewest, onNewer, onOlder }: CursorPaging & { readonly label: string }) {
  const ways = [
    ['Newest', onNewest],
    ['Newer', onNewer],
    ['Older', onOlder],
  ] as const;
  return (
    <Stack component="nav" aria-label={`Pages of ${label}`} direction="row" sx={{ gap: 1 }}>
      {ways.map(([name, onClick]) => (
        <Button key={name} size="small" disabled={onClick === undefined} onClick={onClick}>
          {name}
        </Button>
      ))}
    </Stack>
  );
}
