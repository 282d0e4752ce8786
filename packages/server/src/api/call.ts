import type { Answer, Endpoint, EndpointName, EndpointNamed, Parsed, Permission } from '@pullgate/contract';
import type { Actor } from '../activity/activity.ts';
import type { Page } from '../organizations/page.ts';
import type { Remote } from '../sign-in/authentication.ts';
import type { Caller, OrganizationTokenCaller, PersonCaller } from './authenticate.ts';
import type { Standing } from './authorize.ts';
import type { PageLinks, PageQuery } from './paging.ts';

/** What a handler knows of the caller follows from the permission that was checked. */
type CallerOf<P extends Permission> = P['who'] extends 'everybody'
  ? Caller
  : P extends { readonly organizationToken: string }
    ? PersonCaller | OrganizationTokenCaller
    : PersonCaller;

type About<E extends Endpoint> = E extends { readonly path: `${string}/{org}${string}` }
  ? Standing
  : E['permission']['who'] extends 'member' | 'owner'
    ? Standing
    : unknown;

/** A request whose caller may make it, parsed. */
export type Call<E extends Endpoint = Endpoint> = Parsed<E> &
  About<E> & {
    readonly caller: CallerOf<E['permission']>;
    /** For whatever is changed. */
    actor(): Promise<Actor>;
    readonly remote: Remote;
    /** `https://gate.acme.dev`: how the caller reached the gate. */
    readonly origin: string;
    /** Version of `If-Match`; undefined when any will do. */
    readonly ifMatch: number | undefined;
    links(query: PageQuery, total: number): PageLinks;
  };

/** An answer with headers of its own. */
export class Reply<Body> {
  readonly body: Body;
  readonly headers: Readonly<Record<string, string>>;

  constructor(body: Body, headers: Readonly<Record<string, string>>) {
    this.body = body;
    this.headers = headers;
  }
}

/** Text that is sent while it is made, to be saved as a file. */
export class Download {
  readonly chunks: AsyncIterable<string>;
  readonly mediaType: string;
  readonly fileName: string;

  constructor(chunks: AsyncIterable<string>, mediaType: string, fileName: string) {
    this.chunks = chunks;
    this.mediaType = mediaType;
    this.fileName = fileName;
  }
}

type Result<E extends Endpoint> = string extends Answer<E> ? Download : Answer<E> | Reply<Answer<E>>;

export type Handler<E extends Endpoint> = (call: Call<E>) => Promise<Result<E>>;

/** SCIM is answered by the part that knows its bearers: `sign-in/`. */
export type HandledName = {
  [Name in EndpointName]: EndpointNamed<Name>['permission']['who'] extends 'provisioning' ? never : Name;
}[EndpointName];

/** One for each line of the table. */
export type Handlers = { readonly [Name in HandledName]: Handler<EndpointNamed<Name>> };

/** Docker Hub's page. */
export function pageBody<Item, Body>(
  call: { readonly query: PageQuery; links(query: PageQuery, total: number): PageLinks },
  { items, total }: Page<Item>,
  toBody: (item: Item) => Body,
): { count: number; next: string | null; previous: string | null; results: Body[] } {
  return { count: total, ...call.links(call.query, total), results: items.map(toBody) };
}
