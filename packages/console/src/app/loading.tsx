import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';

export function Loading() {
  return (
    <Box sx={{ position: 'fixed', top: 0, insetInline: 0, zIndex: 2000 }}>
      <LinearProgress aria-label="Loading" />
    </Box>
  );
}
