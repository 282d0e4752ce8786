import Box from '@mui/material/Box';
import { CopyButton } from './copy-button.tsx';

/** A name within a text or a list of facts, with a button that copies it. @see CodeLine for what stands by itself */
export function CopyableText({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5, maxWidth: '100%' }}>
      <Box component="span" sx={{ overflowWrap: 'anywhere', minWidth: 0 }}>
        {text}
      </Box>
      <CopyButton text={text} what={what} />
    </Box>
  );
}
