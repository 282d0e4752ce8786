import CloseIcon from '@mui/icons-material/Close';
import Box from '@mui/material/Box';
import Drawer from '@mui/material/Drawer';
import IconButton from '@mui/material/IconButton';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactNode, useId } from 'react';

interface DetailsProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** All there is to one row of a list, beside it. Rendered while it is open. */
export function Details({ title, onClose, children }: DetailsProps) {
  const id = useId();
  return (
    <Drawer
      open
      anchor="right"
      onClose={onClose}
      slotProps={{ paper: { role: 'dialog', 'aria-modal': true, 'aria-labelledby': id } }}
      sx={{ zIndex: 'modal', '& .MuiDrawer-paper': { width: { xs: '100%', sm: 560 } } }}
    >
      <Stack spacing={2} sx={{ p: { xs: 2, sm: 3 } }}>
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', justifyContent: 'space-between' }}>
          <Typography id={id} variant="h2" sx={{ overflowWrap: 'anywhere', minWidth: 0 }}>
            {title}
          </Typography>
          <IconButton aria-label="Close" onClick={onClose} autoFocus>
            <CloseIcon />
          </IconButton>
        </Box>
        {children}
      </Stack>
    </Drawer>
  );
}
