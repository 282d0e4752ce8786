import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { type ReactNode, useId } from 'react';

interface CreateDialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** A form. */
  readonly children: ReactNode;
}

export function CreateDialog({ title, onClose, children }: CreateDialogProps) {
  const id = useId();
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth maxWidth="sm">
      <DialogTitle id={id}>{title}</DialogTitle>
      {/* Room for the label of the first field, which stands above its border. */}
      <DialogContent sx={{ '&&': { pt: 1 } }}>{children}</DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
      </DialogActions>
    </Dialog>
  );
}
