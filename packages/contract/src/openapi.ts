import type { Endpoint, Route } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { errorBody, errorStatuses, loginErrorBody, scimErrorBody } from './errors.ts';
import { createSchemaCollector, type JsonObject, type SchemaCollector } from './json-schema.ts';
import type { Permission } from './permission.ts';
import { describePermission } from './permission-text.ts';
import { repositoryWriteRefusal, repositoryWrites } from './repository-writes.ts';

interface DocumentOptions {
  /** Of Pullgate. */
  readonly version: string;
  /** Where the API is: `https://gate.acme.dev`. Absent: where the document was read from. */
  readonly address?: string;
  /** Name of the cookie that a browser's session has. */
  readonly sessionCookie: string;
}

const introduction = `The API of organizations, people, tokens and policies, in the shape of Docker Hub's: tools made for
Docker Hub work by changing the host.

- Paths are answered with and without a slash at the end. Unknown fields of requests are ignored.
- \`page\` counts from 1; \`next\` is the whole address of the next page. A \`page_size\` beyond the maximum counts as the
  maximum.
- Times are RFC 3339 in UTC. A \`GET\` is also answered as \`HEAD\`.
- What a caller may not know of is answered like what does not exist.
- Every answer tells in \`X-RateLimit-Limit\`, \`-Remaining\` and \`-Reset\` how many requests are left in this minute.`;

/** The whole API as an OpenAPI 3.1 document, made from the table. */
export function openApiDocument({ version, address, sessionCookie }: DocumentOptions): JsonObject {
  const schemas = createSchemaCollector();
  const paths: Record<string, Record<string, JsonObject>> = {};
  const put = ({ method, path }: Route, operation: JsonObject): void => {
    const template = templateOf(path);
    paths[template] = { [method.toLowerCase()]: operation, ...paths[template] };
  };
  for (const endpoint of endpoints) put(endpoint, operationOf(endpoint, schemas));
  for (const endpoint of endpoints as readonly Endpoint[]) {
    for (const alias of endpoint.aliases ?? []) put(alias, aliasOf(endpoint, schemas));
  }
  for (const route of repositoryWrites) put(route, refusedOperation(route, schemas));

  return {
    openapi: '3.1.1',
    info: {
      title: 'Pullgate',
      version,
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: address ?? '/' }],
    tags: [...new Set(endpoints.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: { schemas: schemas.components, securitySchemes: securitySchemes(sessionCookie) },
  };
}

/** OpenAPI knows no parameter of several segments; the description of such a one tells. */
function templateOf(path: string): string {
  return path.replace('+}', '}');
}

function operationOf(endpoint: Endpoint, schemas: SchemaCollector): JsonObject {
  const { name, summary, description, group, permission, body, since } = endpoint;
  return {
    operationId: name,
    summary,
    description: [description, describePermission(permission)].filter((text) => text !== undefined).join('\n\n'),
    tags: [group],
    security: securityOf(permission),
    ...withParameters(endpoint, schemas),
    ...(body && {
      requestBody: { required: true, content: contentOf(requestMediaTypes(endpoint), schemas.add(body, 'input')) },
    }),
    responses: { ...successOf(endpoint, schemas), ...errorsOf(endpoint, schemas) },
    'x-permission': permission,
    'x-since': since,
  };
}

function aliasOf(endpoint: Endpoint, schemas: SchemaCollector): JsonObject {
  const { operationId: _, ...operation } = operationOf(endpoint, schemas);
  const description = `The same as \`${endpoint.method} ${endpoint.path}\`, where older clients of Docker Hub look for it.`;
  return { ...operation, description, deprecated: true };
}

function refusedOperation({ path }: Route, schemas: SchemaCollector): JsonObject {
  return {
    summary: 'Not possible here.',
    description: repositoryWriteRefusal,
    tags: ['Repositories'],
    security: securityOf({ who: 'person' }),
    parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    responses: { 405: errorOf(405, schemas) },
    deprecated: true,
  };
}

function withParameters({ params, query, ifMatch, path }: Endpoint, schemas: SchemaCollector): JsonObject {
  const rest = /\{(\w+)\+\}/.exec(path)?.[1];
  const parameters = [
    ...(params ? parametersOf('path', schemas.add(params, 'input'), rest) : []),
    ...(query ? parametersOf('query', schemas.add(query, 'input')) : []),
    ...(ifMatch ? [ifMatchParameter] : []),
  ];
  return parameters.length === 0 ? {} : { parameters };
}

const ifMatchParameter = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` of what the change was made from: answered 412 when that is no longer in force.',
  schema: { type: 'string', examples: ['"7"'] },
};

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, JsonObject>>;
  readonly required?: readonly string[];
}

function parametersOf(place: 'path' | 'query', schema: ObjectSchema, rest?: string): readonly JsonObject[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).map(([name, { description, ...value }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(describeParameter(description, name === rest) && {
      description: describeParameter(description, name === rest),
    }),
    schema: value,
  }));
}

function describeParameter(description: unknown, isRest: boolean): string {
  return [description, isRest ? 'Its slashes stay slashes: they are not encoded.' : undefined]
    .filter((text) => typeof text === 'string')
    .join(' ');
}

function contentOf(mediaTypes: readonly string[], schema: JsonObject): JsonObject {
  return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema }]));
}

/** A schema beside another media type is that of a dialect of JSON, in which requests come as well. */
function requestMediaTypes({ success: { schema, mediaTypes = [] } }: Endpoint): readonly string[] {
  return schema === undefined ? ['application/json'] : [...mediaTypes, 'application/json'];
}

function successOf({ success, summary }: Endpoint, schemas: SchemaCollector): JsonObject {
  const { status, schema, mediaTypes = schema ? ['application/json'] : [], etag } = success;
  const content = contentOf(mediaTypes, schema ? schemas.add(schema, 'output') : { type: 'string' });
  return {
    [status]: {
      description: status === 204 ? 'Done.' : summary,
      ...(etag && { headers: { ETag: { description: 'The version, in quotes.', schema: { type: 'string' } } } }),
      ...(mediaTypes.length > 0 && { content }),
    },
  };
}

type ErrorStatus = keyof typeof errorStatuses;

function errorsOf(endpoint: Endpoint, schemas: SchemaCollector): JsonObject {
  const { params, query, body, ifMatch, method, permission } = endpoint;
  const changes = method !== 'GET';
  const statuses: [ErrorStatus, boolean][] = [
    [400, query !== undefined || body !== undefined],
    [401, permission.who !== 'everybody' || body !== undefined],
    [403, permission.who !== 'everybody'],
    [404, params !== undefined || permission.who !== 'person'],
    [409, changes && body !== undefined],
    [412, ifMatch === true],
    [413, body !== undefined],
    [429, true],
    [500, true],
  ];
  const shape = endpoint.permission.who === 'provisioning' ? 'scim' : isLogin(endpoint) ? 'login' : 'general';
  return Object.fromEntries(
    statuses
      .filter(([, happens]) => happens)
      .map(([status]) => [status, errorOf(status, schemas, shape === 'login' && status !== 401 ? 'general' : shape)]),
  );
}

function isLogin({ name }: Endpoint): boolean {
  return name === 'signIn' || name === 'signInWithSecondFactor';
}

const errorShapes = {
  general: { mediaType: 'application/json', schema: errorBody },
  login: { mediaType: 'application/json', schema: loginErrorBody },
  scim: { mediaType: 'application/scim+json', schema: scimErrorBody },
} as const;

function errorOf(
  status: ErrorStatus,
  schemas: SchemaCollector,
  shape: keyof typeof errorShapes = 'general',
): JsonObject {
  const { mediaType, schema } = errorShapes[shape];
  return {
    description: errorStatuses[status],
    ...(status === 429 && {
      headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } },
    }),
    content: contentOf([mediaType], schemas.add(schema, 'output')),
  };
}

function securityOf({ who }: Permission): readonly JsonObject[] {
  if (who === 'everybody') return [{}];
  return who === 'provisioning' ? [{ provisioning: [] }] : [{ bearer: [] }, { session: [] }];
}

function securitySchemes(sessionCookie: string): JsonObject {
  return {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'From `POST /v2/auth/token` or `POST /v2/users/login`. Access tokens and passwords are no bearers themselves. `Authorization: JWT` is taken as well.',
    },
    session: { type: 'apiKey', in: 'cookie', name: sessionCookie, description: 'The session of a browser.' },
    provisioning: { type: 'http', scheme: 'bearer', description: 'The SCIM token of a single sign-on connection.' },
  };
}
