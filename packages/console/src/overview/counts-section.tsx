import Button from '@mui/material/Button';
import { useState } from 'react';
import { Section } from '../components/section.tsx';
import type { Counts } from './counts.ts';
import { CountsChart } from './counts-chart.tsx';
import { CountsTable } from './counts-table.tsx';

interface CountsSectionProps {
  readonly title: string;
  /** Heading of what is counted in each row of the table. */
  readonly what: string;
  readonly counts: readonly Counts[];
  readonly layout?: 'vertical' | 'horizontal';
}

/** A chart, or its numbers. */
export function CountsSection({ title, what, counts, layout = 'vertical' }: CountsSectionProps) {
  const [isTable, setIsTable] = useState(false);
  return (
    <Section
      title={title}
      actions={
        <Button size="small" onClick={() => setIsTable(!isTable)}>
          {isTable ? 'Show the chart' : 'Show the numbers'}
        </Button>
      }
    >
      {!isTable && <CountsChart counts={counts} layout={layout} />}
      <CountsTable caption={title} what={what} counts={counts} isHidden={!isTable} />
    </Section>
  );
}
