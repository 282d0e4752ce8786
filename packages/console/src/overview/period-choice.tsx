import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { type Period, periods } from './overview-search.ts';

export const periodNames: Readonly<Record<Period, string>> = {
  day: '24 hours',
  week: '7 days',
  month: '30 days',
};

interface PeriodChoiceProps {
  readonly value: Period;
  readonly onChange: (period: Period) => void;
}

export function PeriodChoice({ value, onChange }: PeriodChoiceProps) {
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      color="primary"
      aria-label="Period"
      value={value}
      // Null when the chosen one is pressed again: there is always one.
      onChange={(_, chosen: Period | null) => chosen && onChange(chosen)}
    >
      {periods.map((period) => (
        <ToggleButton key={period} value={period} sx={{ textTransform: 'none' }}>
          {periodNames[period]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
