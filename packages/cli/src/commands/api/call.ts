import type { ReadableStream } from 'node:stream/web';
import { type Client, type Endpoint, type EndpointName, itemsOf } from '@pullgate/contract';
import type { ExitCode } from '../../exit-code.ts';
import { exitCode } from '../../exit-code.ts';
import { clientFor, connectAnyhow, connectSignedIn } from '../../remote/connect.ts';
import { parseGateAddress } from '../../remote/gate-address.ts';
import { gateFetch } from '../../remote/gate-fetch.ts';
import { orFailure } from '../../remote/refusal.ts';
import type { Session } from '../../session.ts';
import type { Shell } from '../../shell.ts';
import { answerText } from './answer-text.ts';
import type { JsonObject } from './body.ts';
import { columns } from './columns.ts';
import { type Request, requestOf } from './request.ts';
import { nameIn, type RequestShape } from './request-shape.ts';

type Call = (request: Request) => Promise<unknown>;
type ListCall = Parameters<typeof itemsOf<Request, unknown>>[0];

/** Asks the gate once, or with `--all` until the end of a list, and shows what it answers. */
export async function callEndpoint(
  endpoint: Endpoint,
  shape: RequestShape,
  session: Session<JsonObject>,
  args: readonly string[],
): Promise<ExitCode> {
  const { shell, options } = session;
  const request = await requestOf(endpoint, shape, { options, args }, shell);
  const client = await clientOf(endpoint, options, shell);
  // The type of each call is its own; the request was checked against the same line of the table.
  const call = client[endpoint.name as EndpointName] as Call;
  const answer = await orFailure(
    shell,
    () => (options['all'] === true ? readAll(call as ListCall, request) : call(request)),
    (field) => nameIn(shape, field),
  );
  show(endpoint, answer, session);
  return exitCode.ok;
}

async function clientOf({ permission, success }: Endpoint, options: JsonObject, shell: Shell): Promise<Client> {
  const url = typeof options['url'] === 'string' ? parseGateAddress(options['url']) : undefined;
  const connection = permission.who === 'everybody' ? await connectAnyhow(shell, url) : await connectSignedIn(shell);
  const isText = success.mediaTypes !== undefined && success.schema === undefined;
  return clientFor(connection, isText ? (request) => streamed(request, shell) : gateFetch);
}

/** An export goes to stdout while it arrives: it may be larger than the memory. */
async function streamed(request: globalThis.Request, { stdout }: Shell): Promise<Response> {
  const response = await gateFetch(request);
  if (!response.ok || response.body === null) return response;
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    if (!stdout.write(chunk)) await new Promise((resolve) => stdout.once('drain', resolve));
  }
  return new Response('');
}

async function readAll(call: ListCall, request: Request): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  for await (const item of itemsOf(call, request)) items.push(item);
  return items;
}

function show(endpoint: Endpoint, answer: unknown, { output }: Session<JsonObject>): void {
  if (endpoint.success.schema === undefined) {
    if (endpoint.success.status === 204) output.hint('Done.');
    return;
  }
  output.result(answer, () => answerText(answer, columns[endpoint.name]));
  const next = nextPage(answer);
  if (next !== undefined) output.hint(`There is more: ${next}, or --all.`);
  if (showsSecret(endpoint, answer)) output.hint('\nThe secret above is shown this once.');
}

function nextPage(answer: unknown): string | undefined {
  const { next, next_cursor: cursor } = (answer ?? {}) as { readonly next?: unknown; readonly next_cursor?: unknown };
  if (typeof cursor === 'string') return `--cursor ${cursor}`;
  if (typeof next !== 'string') return undefined;
  const page = URL.parse(next)?.searchParams.get('page');
  return page ? `--page ${page}` : undefined;
}

/** Tokens and links are answered by what makes them, and by nothing else. */
function showsSecret({ method }: Endpoint, answer: unknown): boolean {
  return method === 'POST' && /"(?:token|link)":"[^"]/.test(JSON.stringify(answer ?? null));
}
