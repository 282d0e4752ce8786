import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { type Change, settingName } from './changes.ts';

/** What was before and what is after, side by side: what went away has a minus, what came a plus. */
export function ChangeTable({ changes }: { readonly changes: readonly Change[] }) {
  if (changes.length === 0) return <Typography color="textSecondary">No details were recorded.</Typography>;
  const isChanged = changes.some(({ before }) => before.length > 0);
  return (
    <TableContainer tabIndex={0} role="region" aria-label="What changed">
      <Table size="small" sx={{ minWidth: isChanged ? 380 : 0, tableLayout: 'fixed' }}>
        <TableHead>
          <TableRow>
            <TableCell sx={{ width: '28%' }}>Setting</TableCell>
            {isChanged && <TableCell>Before</TableCell>}
            <TableCell>{isChanged ? 'After' : 'Value'}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {changes.map(({ name, before, after }) => (
            <TableRow key={name}>
              <TableCell component="th" scope="row" sx={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>
                {settingName(name)}
              </TableCell>
              {isChanged && <Words words={before} sign="−" colour="error.main" />}
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
