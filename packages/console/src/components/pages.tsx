import Pagination from '@mui/material/Pagination';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';

interface PagesProps {
  /** What the pages are of: `Teams`. */
  readonly label: string;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  /** Of all pages. */
  readonly count: number;
  readonly onPage: (page: number) => void;
}

/** Where one is in a list, and the way to its other pages. */
export function Pages({ label, page, pageSize, count, onPage }: PagesProps) {
  const pages = Math.max(1, Math.ceil(count / pageSize));
  const first = Math.min((page - 1) * pageSize + 1, count);
  const last = Math.min(page * pageSize, count);
  return (
    <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'center', justifyContent: 'flex-end', mt: 1 }}>
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
    </Stack>
  );
}
