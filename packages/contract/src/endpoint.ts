import type { z } from 'zod';
import type { Permission } from './permission.ts';

/** `HEAD` is in no line of the table: every `GET` is also answered as `HEAD`, without its body. */
export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The successful answer. Errors are the same everywhere: see `errors.ts`. */
export interface Success {
  readonly status: 200 | 201 | 202 | 204;
  /** Of a JSON body. Absent when there is none, or when it is no JSON. */
  readonly schema?: z.ZodType;
  /** Absent for `application/json`. */
  readonly mediaTypes?: readonly string[];
  /** The answer carries an `ETag`, which `If-Match` of a later change takes. */
  readonly etag?: true;
}

/** Where an operation is found. */
export interface Route {
  readonly method: Method;
  /**
   * `/v2/orgs/{org}/members/{username}`, without a trailing slash: both forms are served. `{repository+}`, at the end
   * only, stands for one segment or more.
   */
  readonly path: string;
}

/** One line of the table: all that server, reference, client and command line know of an operation. */
export interface Endpoint extends Route {
  /** `listMembers`: the name in the OpenAPI document and of the client's method. */
  readonly name: string;
  /** Where else clients of Docker Hub look for the same thing, with the same parameters. */
  readonly aliases?: readonly Route[];
  /** One sentence for the reference and for `--help`. */
  readonly summary: string;
  /** More for the reference, where one sentence is not enough. */
  readonly description?: string;
  /** What it belongs to: a heading of the reference. */
  readonly group: string;
  readonly permission: Permission;
  /** Of the path; each is a string there. */
  readonly params?: z.ZodObject;
  /** Of the address; each is a string there. */
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** It takes `If-Match`, and answers 412 when what is to be changed is at another version by now. */
  readonly ifMatch?: true;
  readonly success: Success;
  /** Version of Pullgate that has it. */
  readonly since: string;
}

/** Keeps the types of the schemas, which the client and the handlers are typed by. */
export function endpoint<const E extends Endpoint>(definition: E): E {
  return definition;
}

/** Every route of an endpoint, its own first. */
export function routesOf({ method, path, aliases = [] }: Endpoint): readonly Route[] {
  return [{ method, path }, ...aliases];
}

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
type Input<S> = S extends z.ZodType ? z.input<S> : undefined;

type SchemaOf<E extends Endpoint, Part extends 'params' | 'query' | 'body'> = E extends {
  readonly [P in Part]: infer S;
}
  ? S
  : undefined;

/** What a handler gets: parsed. */
export interface Parsed<E extends Endpoint> {
  readonly params: Output<SchemaOf<E, 'params'>>;
  readonly query: Output<SchemaOf<E, 'query'>>;
  readonly body: Output<SchemaOf<E, 'body'>>;
}

/** What a caller passes. The query is optional as long as nothing in it is required. */
export type Arguments<E extends Endpoint> = (E extends { readonly params: infer S }
  ? { readonly params: Input<S> }
  : unknown) &
  (E extends { readonly query: infer S }
    ? Record<never, never> extends Input<S>
      ? { readonly query?: Input<S> }
      : { readonly query: Input<S> }
    : unknown) &
  (E extends { readonly body: infer S } ? { readonly body: Input<S> } : unknown) &
  (E extends { readonly ifMatch: true } ? { readonly ifMatch?: number } : unknown);

/** What a handler gives and a caller gets: undefined where there is no body, and text where it is no JSON. */
export type Answer<E extends Endpoint> = E['success'] extends { readonly schema: infer S }
  ? Output<S>
  : E['success'] extends { readonly mediaTypes: readonly string[] }
    ? string
    : undefined;
