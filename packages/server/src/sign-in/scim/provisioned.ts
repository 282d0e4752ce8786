import type { Actor } from '../../activity/activity.ts';
import type { Administration } from '../../administration.ts';
import type { ConnectionStore, StoredConnection } from '../connection-store.ts';
import { domainOf } from '../enforcement.ts';
import type { SignInStore } from '../sign-in-store.ts';
import { ScimError } from './scim-error.ts';

/** What a request of an identity provider works with. */
export interface ScimCall {
  readonly connection: StoredConnection;
  /** Name of the organization. */
  readonly organization: string;
  readonly actor: Actor;
  /** Without a slash at the end. */
  readonly baseUrl: string;
}

export interface ScimOptions {
  readonly administration: Administration;
  readonly connections: ConnectionStore;
  readonly store: SignInStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * An identity provider speaks for the verified domains of its connection. Members with other addresses are guests: it
 * sees them, and whether they may sign in is not its to say.
 *
 * @throws ScimError
 */
export function requireOwnAddress({ connection }: Pick<ScimCall, 'connection'>, email: string | null): void {
  if (email !== null && connection.domains.includes(domainOf(email) ?? '')) return;
  throw new ScimError(403, `${email ?? 'This person'} has no address in a verified domain of this connection.`);
}

export interface Listed<Resource> {
  readonly schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
  readonly totalResults: number;
  readonly startIndex: number;
  readonly itemsPerPage: number;
  readonly Resources: Resource[];
}

/** RFC 7644 section 3.4.2: what is less than 1 counts as 1, and no more than so many come at once. */
export function listed<Resource>(all: readonly Resource[], startIndex = 1, count = all.length): Listed<Resource> {
  const start = Math.max(1, startIndex);
  const page = all.slice(start - 1, start - 1 + Math.max(0, count));
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: all.length,
    startIndex: start,
    itemsPerPage: page.length,
    Resources: page,
  };
}

/** `c0ffee…` with the dashes of a UUID, as ids are told to the outside. */
export function withDashes(id: string): string {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function withoutDashes(id: string): string {
  return id.replaceAll('-', '').toLowerCase();
}

export function scimTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
