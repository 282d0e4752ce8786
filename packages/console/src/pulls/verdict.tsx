import BlockIcon from '@mui/icons-material/Block';
import CheckCircleOutlineIcon from '@mui/icons-material/CheckCircleOutlined';
import Box from '@mui/material/Box';
import type { PullBody } from '@pullgate/contract';

/** Told by a word and a shape, and by colour only besides. */
export function Verdict({ verdict }: { readonly verdict: PullBody['verdict'] }) {
  const isAllowed = verdict === 'allow';
  const Icon = isAllowed ? CheckCircleOutlineIcon : BlockIcon;
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: 0.5,
        color: isAllowed ? 'success.main' : 'error.main',
        fontWeight: isAllowed ? 400 : 600,
      }}
    >
      <Icon fontSize="inherit" aria-hidden />
      {isAllowed ? 'Allowed' : 'Refused'}
    </Box>
  );
}
