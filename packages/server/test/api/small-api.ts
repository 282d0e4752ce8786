import { type Endpoint, endpoints, routesOf } from '@pullgate/contract';
import { expect } from 'vitest';
import { createRouteTable } from '../../src/api/route-table.ts';
import {
  type Account,
  openSmallWorld,
  type SmallWorld,
  type WireAnswer,
  type WorldOptions,
} from '../gate/small-world.ts';

export interface ApiAnswer extends WireAnswer {
  /** The body read as JSON; undefined when there is none. */
  readonly json: Json;
}

/** Whatever the test expects there. */
type Json = ReturnType<typeof JSON.parse>;

export interface ApiCall {
  /** Who asks, with an access token of theirs. Nobody when absent. */
  readonly as?: Account;
  /** Sent as JSON, or as it is when it is text. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** A gate with its organization API. */
export interface SmallApi {
  readonly world: SmallWorld;
  /** Signs in, once for each account, and asks. What succeeds is compared with the contract. */
  call(method: string, path: string, call?: ApiCall): Promise<ApiAnswer>;
  bearer(account: Account): Promise<string>;
  close(): Promise<void>;
}

const table = createRouteTable<Endpoint>(
  (endpoints as readonly Endpoint[]).flatMap((endpoint) =>
    routesOf(endpoint).map((route) => ({ ...route, target: endpoint })),
  ),
);

export async function openSmallApi(options: WorldOptions = {}): Promise<SmallApi> {
  const world = await openSmallWorld(options);
  const bearers = new Map<Account, Promise<string>>();

  async function signIn({ username, pat }: Account): Promise<string> {
    const body = JSON.stringify({ identifier: username, secret: pat });
    const answer = await world.ask('/v2/auth/token', { method: 'POST', body });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
    return JSON.parse(answer.body.toString()).access_token;
  }

  function bearer(account: Account): Promise<string> {
    const known = bearers.get(account) ?? signIn(account);
    bearers.set(account, known);
    return known;
  }

  return {
    world,
    bearer,
    async call(method, path, { as, body, headers = {} } = {}) {
      const authorization = as === undefined ? {} : { authorization: `Bearer ${await bearer(as)}` };
      const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
      const answer = await world.ask(path, {
        method,
        // As Docker's Terraform provider does, also where there is no body.
        headers: { 'content-type': 'application/json', accept: 'application/json', ...authorization, ...headers },
        ...(text !== undefined && { body: text }),
      });
      const isJson = answer.headers['content-type']?.includes('json') && answer.body.length > 0;
      const json = isJson ? JSON.parse(answer.body.toString()) : undefined;
      compare(method, path, answer.status, json);
      return { ...answer, json };
    },
    close: () => world.close(),
  };
}

/** Everything that the contract promises, and nothing that it does not know of. */
function compare(method: string, path: string, status: number, json: Json): void {
  const match = table.match(method, path.split('?', 1)[0] ?? '');
  if (match?.kind !== 'found' || status >= 300 || method === 'HEAD') return;
  const { success } = match.target;
  expect(status).toBe(success.status);
  if (success.schema !== undefined) expect(json).toEqual(success.schema.parse(json));
}
