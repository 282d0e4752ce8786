const bytesPerUnit: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

const millisecondsPerUnit: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** The words that people write, besides the unit signs. */
const durationWords: Readonly<Record<string, string>> = {
  millisecond: 'ms',
  second: 's',
  sec: 's',
  minute: 'm',
  min: 'm',
  hour: 'h',
  day: 'd',
  week: 'w',
};

/** Bytes in `50 GiB`, `500MB`, or a plain number of bytes; undefined when it is none. Decimal and binary units differ. */
export function parseByteSize(value: unknown): number | undefined {
  if (typeof value === 'number') return whole(value);
  const amount = amountAndUnit(value);
  if (amount === undefined) return undefined;
  const factor = bytesPerUnit[amount.unit === '' ? 'b' : amount.unit];
  return factor === undefined ? undefined : whole(Math.floor(amount.number * factor));
}

/** Milliseconds in `60s`, `1.5 h` or `90 days`; undefined when it is none. A number without a unit says too little. */
export function parseDuration(value: unknown): number | undefined {
  const amount = amountAndUnit(value);
  if (amount === undefined) return undefined;
  const singular = amount.unit.length > 3 ? amount.unit.replace(/s$/, '') : amount.unit;
  const factor = millisecondsPerUnit[durationWords[singular] ?? amount.unit];
  return factor === undefined ? undefined : whole(Math.round(amount.number * factor));
}

function amountAndUnit(value: unknown): { number: number; unit: string } | undefined {
  if (typeof value !== 'string') return undefined;
  const match = /^(\d{1,15}(?:\.\d{1,6})?) ?([a-z]{0,12})$/i.exec(value.trim());
  if (match === null) return undefined;
  return { number: Number(match[1]), unit: (match[2] ?? '').toLowerCase() };
}

function whole(number: number): number | undefined {
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
