import { addressOf, type Endpoint } from '@pullgate/contract';
import type { z } from 'zod';
import { usage } from '../../failure.ts';
import type { Shell } from '../../shell.ts';
import { type JsonObject, readBody, withSecrets, withValue } from './body.ts';
import type { Field } from './fields.ts';
import { optionOf } from './options.ts';
import { nameIn, type RequestShape } from './request-shape.ts';

/** What the client takes, whichever endpoint it is. */
export interface Request {
  readonly params?: JsonObject;
  readonly query?: JsonObject;
  readonly body?: JsonObject;
  readonly ifMatch?: number;
}

/** What was said: options by their names in camel case, and arguments in their order. */
export interface Said {
  readonly options: JsonObject;
  readonly args: readonly string[];
}

/**
 * What to send.
 *
 * @throws {Failure} when something is missing or wrong: nothing is sent then
 */
export async function requestOf(endpoint: Endpoint, shape: RequestShape, said: Said, shell: Shell): Promise<Request> {
  const { options } = said;
  const ifMatch = options['ifMatch'];
  const request: Request = {
    ...(endpoint.params && { params: paramsOf(shape, said) }),
    ...(endpoint.query && { query: valuesOf(shape.query, options, {}) }),
    ...(endpoint.body && { body: await bodyOf(shape, options, shell) }),
    ...(typeof ifMatch === 'number' && { ifMatch }),
  };
  const problems = (['params', 'query', 'body'] as const).flatMap((part) =>
    problemsOf(endpoint[part], request[part], shape),
  );
  if (problems.length > 0) throw usage(problems.join('\n'));
  requireAddress(endpoint, request);
  return request;
}

function paramsOf({ hasOrganization, positionals }: RequestShape, { options, args }: Said): JsonObject {
  const named = positionals.map(({ path: [name = ''] }, index) => [name, args[index]]);
  return Object.fromEntries([...(hasOrganization ? [['org', options['org']]] : []), ...named]);
}

async function bodyOf({ body: fields }: RequestShape, options: JsonObject, shell: Shell): Promise<JsonObject> {
  const source = options['body'];
  const given = typeof source === 'string' ? await readBody(source, shell) : {};
  return withSecrets(valuesOf(fields, options, given), fields, shell);
}

function valuesOf(fields: readonly Field[], options: JsonObject, given: JsonObject): JsonObject {
  return fields.reduce((values, field) => {
    const value = field.isSecret ? undefined : options[optionOf(field, 'body').attributeName()];
    return value === undefined ? values : withValue(values, field.path, value);
  }, given);
}

/** The table's own checks, before anything is sent: the server makes the same. */
function problemsOf(schema: z.ZodType | undefined, value: JsonObject | undefined, shape: RequestShape): string[] {
  const issues = schema?.safeParse(value).error?.issues ?? [];
  return issues.map(({ path, message }) => {
    const name = nameIn(shape, path.join('.'));
    return isAbsent(value, path) ? `${name} is missing.` : `${name}: ${message}`;
  });
}

function isAbsent(value: unknown, path: readonly PropertyKey[]): boolean {
  const found = path.reduce<unknown>(
    (inner, name) => (inner as Record<PropertyKey, unknown> | undefined)?.[name],
    value,
  );
  return path.length > 0 && found === undefined;
}

/** An empty name, `.` and `..` would be the path of something else. */
function requireAddress(endpoint: Endpoint, request: Request): void {
  try {
    addressOf(endpoint, '', request);
  } catch (error) {
    if (error instanceof TypeError) throw usage(error.message);
    throw error;
  }
}
