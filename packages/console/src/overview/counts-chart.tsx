import Box from '@mui/material/Box';
import { useTheme } from '@mui/material/styles';
import { BarChart } from '@mui/x-charts/BarChart';
import type { Counts } from './counts.ts';

interface CountsChartProps {
  readonly counts: readonly Counts[];
  /** Vertical when absent: for what goes on in time. */
  readonly layout?: 'vertical' | 'horizontal';
}

const height = 280;
/** For the longest name of a type of images. */
const nameWidth = 130;

/**
 * Allowed and refused, one on the other. Not for screen readers, which get the same as a table: a picture of a hundred bars
 * read aloud tells nobody anything. It stands still where the viewer wants no motion.
 */
export function CountsChart({ counts, layout = 'vertical' }: CountsChartProps) {
  const theme = useTheme();
  const { palette } = theme.vars ?? theme;
  const names = { data: counts.map(({ label }) => label), scaleType: 'band' as const, categoryGapRatio: 0.3 };
  const numbers = { tickMinStep: 1, valueFormatter: (value: number) => value.toLocaleString() };
  const isVertical = layout === 'vertical';
  return (
    <Box aria-hidden sx={{ '& .MuiBarChart-element': { stroke: palette.background.paper, strokeWidth: 1 } }}>
      <BarChart
        height={height}
        layout={layout}
        disableKeyboardNavigation
        xAxis={[isVertical ? names : numbers]}
        yAxis={[isVertical ? numbers : { ...names, width: nameWidth }]}
        grid={isVertical ? { horizontal: true } : { vertical: true }}
        series={[
          {
            id: 'allowed',
            label: 'Allowed',
            stack: 'all',
            color: palette.primary.main,
            data: counts.map((one) => one.allowed),
          },
          {
            id: 'refused',
            label: 'Refused',
            stack: 'all',
            color: palette.error.main,
            data: counts.map((one) => one.refused),
          },
        ]}
        margin={{ left: 0, right: 16, top: 8, bottom: 0 }}
      />
    </Box>
  );
}
