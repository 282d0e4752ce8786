const browsers: readonly (readonly [name: string, sign: RegExp])[] = [
  ['Edge', /\bEdg\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\bFirefox\//],
  ['Chrome', /Chrome\//],
  ['Safari', /\bSafari\//],
];

const systems: readonly (readonly [name: string, sign: RegExp])[] = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
];

const maxLength = 60;

/** A `User-Agent` header in a few words. What is no browser is told by its own first word: `Terraform/1.13`. */
export function describeClient(userAgent: string | null): string {
  if (userAgent === null || userAgent === '') return 'An unnamed client';
  const first = (known: typeof browsers) => known.find(([, sign]) => sign.test(userAgent))?.[0];
  const browser = first(browsers);
  if (browser === undefined) return (userAgent.split(' ')[0] ?? userAgent).slice(0, maxLength);
  const system = first(systems);
  return system === undefined ? browser : `${browser} on ${system}`;
}
