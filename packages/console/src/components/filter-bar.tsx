import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import type { ReactNode } from 'react';

interface FilterBarProps {
  readonly children: ReactNode;
  /** Absent when nothing is filtered. */
  readonly onClear?: (() => void) | undefined;
}

/** The filters of a list, side by side. */
export function FilterBar({ children, onClear }: FilterBarProps) {
  return (
    <Stack
      component="search"
      direction="row"
      sx={{ gap: 1.5, rowGap: 2, flexWrap: 'wrap', alignItems: 'center' }}
      aria-label="Filters"
    >
      {children}
      {onClear && <Button onClick={onClear}>Clear filters</Button>}
    </Stack>
  );
}
