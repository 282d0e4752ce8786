import { describe, expect, it } from 'vitest';
import { describePermission, endpoints, openApiDocument, repositoryWrites, routesOf } from '../src/index.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: object;
}

interface Operation {
  readonly operationId?: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: object };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: object; readonly headers?: object }>
  >;
}

interface Document {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

const document = JSON.parse(
  JSON.stringify(openApiDocument({ version: '1.2.3', sessionCookie: 'session' })),
) as Document;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
);

function operation(name: string): Operation {
  const found = operations.find(({ operation: { operationId } }) => operationId === name);
  if (!found) throw new Error(`${name} is not in the document`);
  return found.operation;
}

function everyReference(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : everyReference(inner),
  );
}

describe('The OpenAPI document', () => {
  it('has every endpoint, every alias and everything that is refused, and nothing else', () => {
    const wanted = [...endpoints.flatMap(routesOf), ...repositoryWrites].map(
      ({ method, path }) => `${method.toLowerCase()} ${path.replace('+}', '}')}`,
    );
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(wanted.sort());
  });

  it('has each operation id once', () => {
    const ids = operations.flatMap(({ operation: { operationId } }) => operationId ?? []);
    expect(ids.sort()).toEqual(endpoints.map(({ name }) => name).sort());
  });

  it('declares exactly the parameters that are in each path', () => {
    for (const {
      path,
      method,
      operation: { parameters = [] },
    } of operations) {
      const declared = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(declared.sort(), `${method} ${path}`).toEqual(wanted.sort());
      expect(parameters.every((one) => one.in !== 'path' || one.required)).toBe(true);
    }
  });

  it('gives templates of one shape the same names, as OpenAPI demands', () => {
    const byShape = new Map<string, string>();
    for (const path of Object.keys(document.paths)) {
      const shape = path.replace(/\{\w+\}/g, '{}');
      expect(byShape.get(shape) ?? path).toBe(path);
      byShape.set(shape, path);
    }
  });

  it('refers only to schemas and security schemes that it has', () => {
    const references = [...new Set(everyReference(document))];
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      const [, name = ''] = /^#\/components\/schemas\/(\w+)$/.exec(reference) ?? [];
      expect(document.components.schemas[name], reference).toBeDefined();
    }
    for (const {
      operation: { security },
    } of operations) {
      for (const scheme of security.flatMap(Object.keys))
        expect(document.components.securitySchemes[scheme]).toBeDefined();
    }
  });

  it('has a heading for every operation', () => {
    const names = document.tags.map(({ name }) => name);
    for (const {
      operation: { tags },
    } of operations)
      expect(names).toEqual(expect.arrayContaining([...tags]));
  });

  it('tells of every answer what it means', () => {
    for (const {
      operation: { responses },
    } of operations) {
      expect(Object.keys(responses).length).toBeGreaterThan(0);
      for (const { description } of Object.values(responses)) expect(description).not.toBe('');
    }
  });

  it('forbids no field that a later version may answer', () => {
    expect(JSON.stringify(document)).not.toContain('"additionalProperties":false');
  });

  it('describes a list with its page', () => {
    const { parameters = [], responses, security } = operation('listMembers');
    const size = parameters.find(({ name }) => name === 'page_size');
    expect(size).toMatchObject({
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
    });
    expect(responses['200']?.content).toMatchObject({
      'application/json': {
        schema: { properties: { results: { items: { $ref: '#/components/schemas/Member' } } } },
      },
    });
    expect(Object.keys(responses)).toEqual(['200', '400', '401', '403', '404', '429', '500']);
    expect(security).toEqual([{ bearer: [] }, { session: [] }]);
  });

  it('describes a change that asks for the version it was made from', () => {
    const { parameters = [], responses } = operation('setImageAccess');
    expect(parameters.find(({ name }) => name === 'If-Match')).toMatchObject({ in: 'header', required: false });
    expect(responses['200']?.headers).toHaveProperty('ETag');
    expect(responses).toHaveProperty('412');
  });

  it('tells what is shaped otherwise: logins, SCIM, exports', () => {
    expect(everyReference(operation('signIn').responses['401'])).toEqual(['#/components/schemas/LoginError']);
    expect(operation('getScimUser').responses['404']?.content).toHaveProperty(['application/scim+json']);
    expect(operation('createScimUser').requestBody?.content).toHaveProperty(['application/scim+json']);
    expect(operation('exportMembers').responses['200']?.content).toEqual({
      'text/csv': { schema: { type: 'string' } },
    });
  });
});

describe('A permission in words', () => {
  it.each([
    [{ who: 'everybody', personalToken: 'repo:read', organizationToken: 'any' }, 'Everybody, also without signing in.'],
    [
      { who: 'owner' },
      'Owners of the organization. It needs a sign-in by password, passkey or single sign-on: signed in with a personal access token, it is refused. Organization access tokens are refused.',
    ],
    [
      { who: 'member', personalToken: 'repo:read', organizationToken: 'scope-member-read' },
      'Members of the organization. Signed in with a personal access token, that needs the scope `repo:read` or a wider one. An organization access token needs the scope `scope-member-read` or a wider one.',
    ],
  ] as const)('%o', (permission, words) => {
    expect(describePermission(permission)).toBe(words);
  });

  it('is in the description of each operation', () => {
    for (const { name, permission } of endpoints) {
      expect(operation(name).description).toContain(describePermission(permission));
    }
  });
});
