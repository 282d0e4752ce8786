import { parseArgs } from 'node:util';

export const defaultPort = 8080;

export const usage = `Usage: npm run demo -- [options]

Starts Pullgate with made-up registries, people and images. Needs no internet and keeps nothing.

  --port N   port on this machine (${defaultPort}); 0 takes a free one
  --json     print addresses, access tokens and images as one line of JSON
  --help     print this
`;

export type Arguments =
  | { readonly kind: 'run'; readonly port: number; readonly json: boolean }
  | { readonly kind: 'help' }
  /** What is wrong, as a sentence. */
  | { readonly kind: 'mistake'; readonly message: string };

/** What comes after the program's name on the command line. */
export function parseArguments(words: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        port: { type: 'string', default: String(defaultPort) },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const port = Number(values.port);
    if (/^\d{1,5}$/.test(values.port) && port <= 65_535) return { kind: 'run', port, json: values.json };
    return { kind: 'mistake', message: `--port is a number from 0 to 65535, not ${JSON.stringify(values.port)}.` };
  } catch (error) {
    return { kind: 'mistake', message: error instanceof Error ? error.message : String(error) };
  }
}
