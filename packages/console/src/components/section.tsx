import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page with a heading of its own. */
export function Section({ title, lead, actions, children }: SectionProps) {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} sx={{ p: { xs: 2, sm: 3 } }}>
      <Box sx={{ display: 'flex', gap: 2, flexWrap: 'wrap', alignItems: 'baseline', justifyContent: 'space-between' }}>
        <Box sx={{ flex: '1 1 220px', minWidth: 0 }}>
          <Typography id={id} variant="h2">
            {title}
          </Typography>
          {lead !== undefined && (
            <Typography color="textSecondary" sx={{ mt: 0.5, maxWidth: 760 }}>
              {lead}
            </Typography>
          )}
        </Box>
        {/* A button is higher than the title, which stays where it is without one. */}
        {actions && <Box sx={{ my: -0.75 }}>{actions}</Box>}
      </Box>
      {/* What is only told once somebody asks takes no room before. */}
      <Box sx={{ mt: 2, '&:has(> :empty:only-child)': { mt: 0 } }}>{children}</Box>
    </Paper>
  );
}
