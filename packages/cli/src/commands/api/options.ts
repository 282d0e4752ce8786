import { InvalidArgumentError, Option } from 'commander';
import { parseMoment } from '../../moment.ts';
import type { Field } from './fields.ts';

/** `--allowlist-add` */
export function flagOf({ path }: Pick<Field, 'path'>): string {
  return `--${path.join('-').replaceAll('_', '-')}`;
}

/**
 * The option that says a field. Where an instant only filters, it may also be a day, or how long ago; one that is kept
 * is sent as it is written.
 */
export function optionOf(field: Field, use: 'query' | 'body'): Option {
  const option = new Option(`${flagOf(field)} ${placeholders[field.kind]}`, descriptionOf(field));
  if (field.choices) option.choices(field.choices);
  switch (field.kind) {
    case 'boolean':
      return option.argParser(parseBoolean);
    case 'integer':
      return option.argParser(field.isNullable ? parseIntegerOrNull : parseInteger);
    case 'json':
      return option.argParser(parseJson);
    default:
      return field.isInstant && use === 'query' ? option.argParser(parseInstant) : option;
  }
}

const placeholders: Readonly<Record<Field['kind'], string>> = {
  text: '<text>',
  texts: '<texts...>',
  integer: '<number>',
  boolean: '[boolean]',
  json: '<json>',
};

function descriptionOf({ description, isRequired, isNullable, kind }: Field): string {
  const notes = [
    ...(isRequired ? ['required'] : []),
    ...(kind === 'boolean' ? ['true or false'] : []),
    ...(kind === 'integer' && isNullable ? ['a number or null'] : []),
  ];
  const text = description.replaceAll('`', '').replace(/\.$/, '');
  return [text, notes.length === 0 ? '' : `(${notes.join('; ')})`].filter((part) => part !== '').join(' ');
}

function parseBoolean(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new InvalidArgumentError('It is true or false.');
}

export function parseInteger(text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number.');
}

function parseIntegerOrNull(text: string): number | null {
  return text === 'null' ? null : parseInteger(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It is no JSON.');
  }
}

function parseInstant(text: string): string {
  return new Date(parseMoment(text)).toISOString();
}
