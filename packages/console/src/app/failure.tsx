import Container from '@mui/material/Container';
import Typography from '@mui/material/Typography';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ErrorMessage } from '../components/error-message.tsx';
import { NarrowPage } from '../components/narrow-page.tsx';
import { PageLink } from '../components/page-link.tsx';

/** In place of a page that could not be loaded. */
export function Failure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();

  /** What failed may be a query of the page, which is asked again only when told so, or one before it. */
  function retry(): void {
    queries.reset();
    reset();
    void router.invalidate();
  }

  return (
    <Container maxWidth="sm" sx={{ py: 6 }}>
      <ErrorMessage error={error} onRetry={retry} />
    </Container>
  );
}

export function NotFound() {
  return (
    <NarrowPage title="There is no such page">
      <Typography>
        The address may be mistyped. <PageLink to="/console">Go to your organizations</PageLink>
      </Typography>
    </NarrowPage>
  );
}
