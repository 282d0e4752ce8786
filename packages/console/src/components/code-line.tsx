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
        sx={{
          flex: 1,
          minWidth: 0,
          py: 0.5,
          fontSize: '0.875rem',
          whiteSpace: 'pre-wrap',
          overflowWrap: 'anywhere',
          '& span': { display: 'inline-block', maxWidth: '100%' },
        }}
      >
        <Words text={text} />
      </Box>
      <CopyButton text={text} what={what} />
    </Box>
  );
}

/** Each in a box of its own: a line would otherwise end behind any hyphen, and make two of `--org`. */
function Words({ text }: { readonly text: string }) {
  return [...text.matchAll(/\S+|\s+/g)].map(({ 0: part, index }) =>
    part.trim() === '' ? (
      part
    ) : (
      <span key={index}>
        <Parts word={part} />
      </span>
    ),
  );
}

/** A path that is too long for a line ends it behind a slash, not within a name: each of these has a box, too. */
function Parts({ word }: { readonly word: string }) {
  return [...word.matchAll(/[^\\/]+[\\/]*|[\\/]+/g)].map(({ 0: part, index }) => <span key={index}>{part}</span>);
}
