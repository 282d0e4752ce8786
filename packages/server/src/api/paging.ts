import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { PublicAddress } from '../http/public-address.ts';
import type { TrustedProxies } from '../observe/client-address.ts';
import type { Page, PageRequest } from '../organizations/page.ts';

/** The origin by which the caller reached the gate: `https://gate.acme.dev:8443`. */
export type OriginOf = (request: IncomingMessage) => string;

/** What a Host header may hold (RFC 9110 section 7.2); anything else is replaced by the configured address. */
const hostShape = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Links must be on exactly the host and port, and in the letter case, that the caller used: Docker's Terraform provider
 * takes its own base off the front of `next` and requests what is left. What a proxy says of it counts only when the
 * proxy is trusted.
 */
export function createOriginOf(address: PublicAddress, proxies: TrustedProxies): OriginOf {
  return ({ headers, socket }) => {
    const isTrusted = proxies.includes(socket.remoteAddress?.replace(/^::ffff:/, '') ?? '');
    const forwarded = (name: string) => (isTrusted ? headers[name]?.toString().split(',')[0]?.trim() : undefined);
    const host = forwarded('x-forwarded-host') ?? headers.host ?? '';
    if (!hostShape.test(host)) return address.url;
    const proto = forwarded('x-forwarded-proto');
    if (proto === 'https' || proto === 'http') return `${proto}://${host}`;
    if (socket instanceof TLSSocket) return `https://${host}`;
    // Behind a proxy that ends TLS and that nobody declared: the operator says how clients come by this name.
    if (host.toLowerCase() === address.host) return `${new URL(address.url).protocol}//${host}`;
    return `http://${host}`;
  };
}

/** `page` and `page_size` as the contract reads them. */
export interface PageQuery {
  readonly page: number;
  readonly page_size: number;
}

export function pageRequest({ page, page_size }: PageQuery): PageRequest {
  return { offset: (page - 1) * page_size, limit: page_size };
}

/** Part of a list that is whole in memory. */
export function pageOfAll<Item>(all: readonly Item[], query: PageQuery): Page<Item> {
  const { offset, limit } = pageRequest(query);
  return { items: all.slice(offset, offset + limit), total: all.length };
}

export interface PageLinks {
  readonly next: string | null;
  readonly previous: string | null;
}

/**
 * The addresses of the pages before and after, with the caller's own path, page size and filters.
 *
 * @param target the raw target of the request
 * @param total items of all pages
 */
export function pageLinks(origin: string, target: string, { page, page_size }: PageQuery, total: number): PageLinks {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const at = (number: number) => {
    const query = new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1));
    query.set('page', String(number));
    query.set('page_size', String(page_size));
    return `${origin}${path}?${query}`;
  };
  const last = Math.max(1, Math.ceil(total / page_size));
  return { next: page < last ? at(page + 1) : null, previous: page > 1 ? at(Math.min(page - 1, last)) : null };
}
