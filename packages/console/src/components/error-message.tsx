import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { messageOf } from '../app/client.ts';

interface ErrorMessageProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong, in words that say what to do. */
export function ErrorMessage({ error, onRetry }: ErrorMessageProps) {
  const retry = onRetry && (
    <Button color="inherit" size="small" onClick={onRetry} sx={{ whiteSpace: 'nowrap' }}>
      Try again
    </Button>
  );
  return (
    <Alert severity="error" action={retry}>
      {messageOf(error)}
    </Alert>
  );
}
