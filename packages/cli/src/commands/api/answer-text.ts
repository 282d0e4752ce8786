import { oneLine } from '../../output/one-line.ts';
import { pairs, table } from '../../output/table.ts';
import { timeOf } from '../../output/time.ts';

type Properties = Readonly<Record<string, unknown>>;

/** The rows of an answer that is a list, whatever Docker Hub calls them in it. */
export function rowsOf(answer: unknown): readonly unknown[] | undefined {
  if (Array.isArray(answer)) return answer;
  if (!isProperties(answer)) return undefined;
  const rows = answer['results'] ?? answer['logs'] ?? answer['data'];
  return Array.isArray(rows) ? rows : undefined;
}

/** An answer for people: a table of a list, or what an object has, with its lists below. */
export function answerText(answer: unknown, columns: readonly string[] | undefined): string {
  const rows = rowsOf(answer);
  if (rows) return rows.length === 0 ? 'Nothing there.' : tableOf(rows, columns);
  if (!isProperties(answer)) return cellOf(answer);
  const properties = [...propertiesOf(answer)];
  const lists = properties.filter(([, value]) => isListOfObjects(value));
  const values = properties
    .filter(([, value]) => !isListOfObjects(value) && cellOf(value) !== '')
    .map(([name, value]) => [titleOf(name), cellOf(value)] as const);
  return [
    ...(values.length === 0 ? [] : [pairs(values)]),
    ...lists.map(([name, items]) => `${titleOf(name)}:\n${tableOf(items as readonly unknown[], undefined)}`),
  ].join('\n\n');
}

function tableOf(rows: readonly unknown[], columns: readonly string[] | undefined): string {
  const items = rows.map((row) => (isProperties(row) ? row : { value: row }));
  const shown = columns ?? [...new Set(items.flatMap((item) => [...propertiesOf(item)].map(([name]) => name)))];
  const found = items.map((item) => Object.fromEntries(propertiesOf(item)));
  return table(
    shown.map(titleOf),
    found.map((item) => shown.map((column) => cellOf(item[column]))),
  );
}

/** With everything that is in objects, as `actor.name`. */
function* propertiesOf(properties: Properties, prefix = ''): Generator<readonly [string, unknown]> {
  for (const [name, value] of Object.entries(properties)) {
    if (isProperties(value)) yield* propertiesOf(value, `${prefix}${name}.`);
    else yield [`${prefix}${name}`, value];
  }
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(itemText).join(', ');
  const text = String(value);
  return instant.test(text) ? timeOf(Date.parse(text)) : oneLine(text);
}

/** Of an object in a cell, what it is called: that comes first. */
function itemText(item: unknown): string {
  return isProperties(item) ? cellOf(Object.values(item)[0]) : cellOf(item);
}

function titleOf(name: string): string {
  return name.replaceAll(/[._]/g, ' ');
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.some(isProperties);
}

function isProperties(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
