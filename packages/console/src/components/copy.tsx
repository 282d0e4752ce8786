import CheckIcon from '@mui/icons-material/Check';
import ContentCopyIcon from '@mui/icons-material/ContentCopy';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import Tooltip from '@mui/material/Tooltip';
import { useEffect, useState } from 'react';

const shownMilliseconds = 2000;
const told = { copied: 'Copied', failed: 'Select the text and copy it by hand' } as const;

interface CopyProps {
  readonly text: string;
  /** What is copied: "the command", "the token". */
  readonly what: string;
}

export function CopyButton({ text, what }: CopyProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), shownMilliseconds);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy(): Promise<void> {
    // Browsers offer no clipboard to pages that came without https from another machine.
    const copied = await Promise.try(() => navigator.clipboard.writeText(text)).then(
      () => true,
      () => false,
    );
    setOutcome(copied ? 'copied' : 'failed');
  }

  const title = outcome === undefined ? `Copy ${what}` : told[outcome];
  return (
    <Tooltip title={title}>
      <IconButton size="small" aria-label={`Copy ${what}`} onClick={() => void copy()}>
        {outcome === 'copied' ? <CheckIcon fontSize="small" color="success" /> : <ContentCopyIcon fontSize="small" />}
      </IconButton>
    </Tooltip>
  );
}

/** A command or a token, to be read and copied. */
export function Copyable({ text, what }: CopyProps) {
  return (
    <Box
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        pl: 1.5,
        pr: 0.5,
        py: 0.5,
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
        bgcolor: 'action.hover',
      }}
    >
      <Box component="code" sx={{ flex: 1, overflowWrap: 'anywhere', fontSize: '0.875rem' }}>
        {text}
      </Box>
      <CopyButton text={text} what={what} />
    </Box>
  );
}
