import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import { Field } from '../components/form.tsx';

/** Of Docker's choices. */
const offered = [30, 60, 90, 365] as const;
const preferred = 90;

/** How long a new token lives, in days; undefined for ever. */
export function useLifetime(maximumDays: number | null): readonly [number | undefined, (days?: number) => void] {
  const [days, setDays] = useState<number | undefined>(Math.min(preferred, maximumDays ?? preferred));
  return [days, setDays];
}

interface ExpiryFieldProps {
  readonly org: string;
  readonly maximumDays: number | null;
  readonly days: number | undefined;
  readonly onChange: (days?: number) => void;
  readonly error: Error | null;
}

export function ExpiryField({ org, maximumDays, days, onChange, error }: ExpiryFieldProps) {
  const longest = maximumDays ?? Number.POSITIVE_INFINITY;
  const choices = [...offered.filter((choice) => choice < longest), ...(maximumDays === null ? [] : [maximumDays])];
  return (
    <Field
      select
      label="Expires"
      field="expires_at"
      error={error}
      value={days === undefined ? 'never' : String(days)}
      onChange={(chosen) => onChange(chosen === 'never' ? undefined : Number(chosen))}
      helperText={maximumDays === null ? undefined : `${org} lets no token live longer than ${daysText(maximumDays)}.`}
    >
      {choices.map((choice) => (
        <MenuItem key={choice} value={String(choice)}>
          In {daysText(choice)}
        </MenuItem>
      ))}
      {maximumDays === null && <MenuItem value="never">Never</MenuItem>}
    </Field>
  );
}

function daysText(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
