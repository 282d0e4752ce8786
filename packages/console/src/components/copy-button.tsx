import CheckIcon from '@mui/icons-material/Check';
import ContentCopyIcon from '@mui/icons-material/ContentCopy';
import IconButton from '@mui/material/IconButton';
import Tooltip from '@mui/material/Tooltip';
import { useState } from 'react';
import { useNotice } from './notice.tsx';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for who does not see the button's place: `the token`. */
  readonly what: string;
}

const shownMilliseconds = 2000;

/** Puts a text on the clipboard, and says so. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false);
  const notify = useNotice();
  const title = isCopied ? 'Copied' : `Copy ${what}`;

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
      setTimeout(() => setIsCopied(false), shownMilliseconds);
    } catch {
      // Browsers have no clipboard for pages without TLS, but for those of the same machine.
      notify({ text: `The browser does not let this page copy. Mark ${what} and copy it by hand.`, severity: 'error' });
    }
  }

  return (
    <Tooltip title={title}>
      <IconButton size="small" aria-label={title} onClick={() => void copy()}>
        {isCopied ? <CheckIcon fontSize="small" color="success" /> : <ContentCopyIcon fontSize="small" />}
      </IconButton>
    </Tooltip>
  );
}
