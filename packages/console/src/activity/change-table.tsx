import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { Change } from './changes.ts';

/** What was before and what is after, side by side: what went away has a minus, what came a plus. */
export function ChangeTable({ changes }: { readonly changes: readonly Change[] }) {
  if (changes.length === 0) return <Typography color="text.secondary">No details were recorded.</Typography>;
  return (
    <TableContainer tabIndex={0} role="region" aria-label="What changed">
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>Setting</TableCell>
            <TableCell>Before</TableCell>
            <TableCell>After</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {changes.map(({ name, before, after }) => (
            <TableRow key={name}>
              <TableCell component="th" scope="row" sx={{ overflowWrap: 'anywhere' }}>
                {name.replaceAll('_', ' ').replaceAll('.', ' · ')}
              </TableCell>
              <Words words={before} sign="−" colour="error.main" />
              <Words words={after} sign="+" colour="success.main" />
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

interface WordsProps {
  readonly words: readonly string[];
  readonly sign: string;
  readonly colour: string;
}

function Words({ words, sign, colour }: WordsProps) {
  return (
    <TableCell sx={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>
      {words.map((word) => (
        <Box key={word} sx={{ color: colour }}>
          {sign} {word}
        </Box>
      ))}
    </TableCell>
  );
}
