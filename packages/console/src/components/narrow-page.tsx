import Container from '@mui/material/Container';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { type ReactNode, useEffect } from 'react';

/** A page of one form, for who is not signed in. */
export function NarrowPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} – Pullgate`;
  }, [title]);
  return (
    <Container component="main" maxWidth="xs" sx={{ py: { xs: 4, sm: 10 } }}>
      <Paper sx={{ p: { xs: 3, sm: 4 } }}>
        <Typography variant="h1" sx={{ mb: 3 }}>
          {title}
        </Typography>
        {children}
      </Paper>
    </Container>
  );
}
