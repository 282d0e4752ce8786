import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { visuallyHidden } from '../components/visually-hidden.ts';
import type { Counts } from './counts.ts';

interface CountsTableProps {
  readonly caption: string;
  /** Heading of what the rows are. */
  readonly what: string;
  readonly counts: readonly Counts[];
  /** For screen readers only, beside a chart that shows the same. */
  readonly isHidden: boolean;
}

export function CountsTable({ caption, what, counts, isHidden }: CountsTableProps) {
  return (
    <Box
      {...(isHidden
        ? { sx: visuallyHidden }
        : { role: 'region', 'aria-label': caption, tabIndex: 0, sx: { overflowX: 'auto' } })}
    >
      <Table size="small">
        <Box component="caption" sx={visuallyHidden}>
          {caption}
        </Box>
        <TableHead>
          <TableRow>
            <TableCell>{what}</TableCell>
            <TableCell align="right">Allowed</TableCell>
            <TableCell align="right">Refused</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {counts.map(({ label, allowed, refused }) => (
            <TableRow key={label}>
              <TableCell component="th" scope="row">
                {label}
              </TableCell>
              <TableCell align="right">{allowed.toLocaleString()}</TableCell>
              <TableCell align="right">{refused.toLocaleString()}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
