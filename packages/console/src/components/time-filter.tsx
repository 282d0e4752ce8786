import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import type { TimeSearch, Within } from './time-search.ts';

interface TimeFilterProps {
  readonly value: TimeSearch;
  /** All three are given: what is undefined goes away. */
  readonly onChange: (value: Required<TimeSearch>) => void;
}

const everything = { within: undefined, from: undefined, to: undefined };

const spanNames: Readonly<Record<Within, string>> = {
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  month: 'Last 30 days',
};

/** Narrows a list to a time: the last so much, or from and to in the viewer's zone. */
export function TimeFilter({ value, onChange }: TimeFilterProps) {
  const { within, from, to } = value;
  /** The fields stay while somebody is at them, also when both are empty. */
  const [isOpen, setIsOpen] = useState(false);
  const isBetween = isOpen || from !== undefined || to !== undefined;

  function choose(chosen: string): void {
    setIsOpen(chosen === 'between');
    onChange({ ...everything, within: chosen in spanNames ? (chosen as Within) : undefined });
  }

  function narrow(moments: Pick<TimeSearch, 'from' | 'to'>): void {
    setIsOpen(true);
    onChange({ ...everything, from, to, ...moments });
  }

  return (
    <>
      <TextField
        select
        size="small"
        label="Time"
        value={within ?? (isBetween ? 'between' : '')}
        onChange={(event) => choose(event.target.value)}
        sx={{ flex: '1 1 120px', maxWidth: { sm: 240 } }}
        slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
      >
        <MenuItem value="">All</MenuItem>
        {Object.entries(spanNames).map(([span, name]) => (
          <MenuItem key={span} value={span}>
            {name}
          </MenuItem>
        ))}
        <MenuItem value="between">Between</MenuItem>
      </TextField>
      {isBetween && within === undefined && (
        <>
          <Moment label="From" value={from} onChange={(next) => narrow({ from: next })} />
          <Moment label="To" value={to} onChange={(next) => narrow({ to: next })} />
        </>
      )}
    </>
  );
}

interface MomentProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** What a browser asks for is in the viewer's zone, to the minute; the address has it in UTC. */
function Moment({ label, value, onChange }: MomentProps) {
  return (
    <TextField
      size="small"
      type="datetime-local"
      label={label}
      value={value === undefined ? '' : localOf(new Date(value))}
      onChange={(event) => {
        const at = Date.parse(event.target.value);
        onChange(Number.isNaN(at) ? undefined : new Date(at).toISOString());
      }}
      sx={{ flex: '1 1 200px', maxWidth: { sm: 240 } }}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  );
}

function localOf(at: Date): string {
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
