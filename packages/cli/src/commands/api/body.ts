import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { usage } from '../../failure.ts';
import type { Shell } from '../../shell.ts';
import type { Field } from './fields.ts';
import { flagOf } from './options.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Characters: more than any request may have. */
const maxLength = 4 * 1024 * 1024;

/** What `--body` names: `@team.json`, or `-` for the standard input. The text itself could hold a secret. */
export async function readBody(source: string, shell: Shell): Promise<JsonObject> {
  const text = source === '-' ? await readInput(shell) : await readNamed(source, shell);
  if (text.length > maxLength) throw usage('That body is too large for any request.');
  const body = parsed(text);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject;
  throw usage('A body is one JSON object: {"name": "developers"}.');
}

async function readInput(shell: Shell): Promise<string> {
  const text = await shell.input(maxLength + 1);
  if (text === undefined) throw usage('Pipe the body in: … --body - < team.json');
  return text;
}

async function readNamed(source: string, { cwd }: Shell): Promise<string> {
  if (!source.startsWith('@'))
    throw usage('--body takes @file or -: arguments can be read by everybody on this machine.');
  const file = resolve(cwd, source.slice(1));
  try {
    if ((await stat(file)).size > maxLength) throw usage('That body is too large for any request.');
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR') throw usage(`There is no file ${file}.`);
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What options say, over what the body says already. Lists are replaced as a whole. */
export function withValue(body: JsonObject, [name = '', ...rest]: readonly string[], value: unknown): JsonObject {
  if (rest.length === 0) return { ...body, [name]: value };
  const inner = body[name];
  return { ...body, [name]: withValue(isObject(inner) ? inner : {}, rest, value) };
}

/** Asks for the secrets that are needed and that the body does not have: no option takes one. */
export async function withSecrets(body: JsonObject, fields: readonly Field[], shell: Shell): Promise<JsonObject> {
  let whole = body;
  for (const field of fields) {
    if (!field.isSecret || !isMissing(field, whole)) continue;
    const secret = await shell.ask(field.path.join(' ').replaceAll('_', ' '), 'secret');
    if (!secret) throw usage(`${secretText(field)} with --body @file or --body -.`);
    whole = withValue(whole, field.path, secret);
  }
  return whole;
}

function isMissing({ path, isRequired, isRequiredThere }: Field, body: JsonObject): boolean {
  const parents = path.slice(0, -1);
  const parent = parents.reduce<unknown>((object, name) => (isObject(object) ? object[name] : undefined), body);
  if (isObject(parent)) return isRequiredThere && parent[path.at(-1) ?? ''] === undefined;
  return isRequired;
}

function secretText(field: Field): string {
  const example = field.path.reduceRight<unknown>((value, name) => ({ [name]: value }), '…');
  return `${flagOf(field).slice(2)} is a secret, and no option takes one. Give ${JSON.stringify(example)}`;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
