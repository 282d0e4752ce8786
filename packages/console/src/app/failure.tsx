import Container from '@mui/material/Container';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorMessage } from '../components/error-message.tsx';

/** In place of a page that could not be loaded. */
export function Failure({ error, reset }: ErrorComponentProps) {
  return (
    <Container maxWidth="sm" sx={{ py: 6 }}>
      <ErrorMessage error={error} onRetry={reset} />
    </Container>
  );
}

export function NotFound() {
  return (
    <EmptyState title="There is no such page">The address may be mistyped, or you may not see this page.</EmptyState>
  );
}
