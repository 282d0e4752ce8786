import Tooltip from '@mui/material/Tooltip';

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const thisYear = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
});
const otherYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
/** Words, and the console's are English; dates are as the viewer writes them. */
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** A time in the viewer's zone, as short as a column of a list is; recent ones as "3 hours ago". Exact in a tooltip. */
export function Time({ value }: { readonly value: string }) {
  const at = new Date(value);
  return (
    <Tooltip title={exact.format(at)}>
      <time dateTime={value}>{describe(at)}</time>
    </Tooltip>
  );
}

function describe(at: Date): string {
  const seconds = (at.getTime() - Date.now()) / 1000;
  if (Math.abs(seconds) > 7 * 86_400) {
    return (at.getFullYear() === new Date().getFullYear() ? thisYear : otherYear).format(at);
  }
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  }
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(Math.round(seconds), 'second');
}
