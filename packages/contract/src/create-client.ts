import { type Client, type ClientEndpoint, type ClientOptions, clientOf } from './client.ts';
import { endpoints } from './endpoints.ts';

/** The table without its schemas. It can be written down as JSON. */
export const clientEndpoints: readonly ClientEndpoint[] = endpoints.map(({ name, method, path, success }) => ({
  name,
  method,
  path,
  answer: 'schema' in success ? 'json' : 'text',
}));

export function createClient(options: ClientOptions): Client {
  return clientOf(clientEndpoints, options);
}
