import Box from '@mui/material/Box';
import { CopyButton } from './copy-button.tsx';

interface CodeLineProps {
  /** One command, token or address; several lines are kept. */
  readonly text: string;
  /** What it is: `the command`. */
  readonly what: string;
}

/** Something to be pasted elsewhere, with a button that copies it. */
export function CodeLine({ text, what }: CodeLineProps) {
  return (
    <Box
      sx={{
        display: 'flex',
        gap: 1,
        alignItems: 'flex-start',
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
        pl: 1.5,
        pr: 0.5,
        py: 0.5,
        bgcolor: 'action.hover',
      }}
    >
      <Box
        component="code"
        sx={{ flex: 1, minWidth: 0, py: 0.5, fontSize: '0.875rem', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
      >
        {text}
      </Box>
      <CopyButton text={text} what={what} />
    </Box>
  );
}
