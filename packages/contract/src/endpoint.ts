import type { z } from 'zod';
import type { Permission } from './permission.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The successful answer. Errors are the same everywhere: see `errors.ts`. */
export interface Success {
  readonly status: 200 | 201 | 202 | 204;
  /** Of a JSON body. Absent when there is none, or when it is no JSON. */
  readonly schema?: z.ZodType;
  /** Absent for `application/json`. */
  readonly mediaTypes?: readonly string[];
}

/** One line of the table: all that server, reference, client and command line know of an operation. */
export interface Endpoint {
  /** `listMembers`: the name in the OpenAPI document and of the client's method. */
  readonly name: string;
  readonly method: Method;
  /** `/v2/orgs/{org}/members/{username}`, without a trailing slash: both forms are served. */
  readonly path: string;
  /** One sentence for the reference and for `--help`. */
  readonly summary: string;
  /** What it belongs to: a heading of the reference. */
  readonly group: string;
  readonly permission: Permission;
  /** Of the path; each is a string there. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly success: Success;
  /** Version of Pullgate that has it. */
  readonly since: string;
}

/** Keeps the types of the schemas, which the client and the handlers are typed by. */
export function endpoint<const E extends Endpoint>(definition: E): E {
  return definition;
}

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
type Input<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler gets: parsed. */
export interface Parsed<E extends Endpoint> {
  readonly params: Output<E['params']>;
  readonly query: Output<E['query']>;
  readonly body: Output<E['body']>;
}

/** What a caller passes. */
export type Arguments<E extends Endpoint> = (E['params'] extends z.ZodType
  ? { readonly params: Input<E['params']> }
  : unknown) &
  (E['query'] extends z.ZodType ? { readonly query?: Input<E['query']> } : unknown) &
  (E['body'] extends z.ZodType ? { readonly body: Input<E['body']> } : unknown);

export type Answer<E extends Endpoint> = E['success'] extends { readonly schema: infer S } ? Output<S> : undefined;
