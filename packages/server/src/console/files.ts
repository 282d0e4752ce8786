import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

/** A file of the built console. */
export interface ConsoleFile {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

export interface ConsoleFiles {
  /** HTML of every page, with `__NONCE__` where the nonce of an answer goes. */
  readonly page: string;
  /** By their path below the console's address, with slashes. */
  readonly assets: ReadonlyMap<string, ConsoleFile>;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * Reads what the build made: some megabytes that no request can then grow or name a path into. Undefined when it was not
 * built.
 */
export async function readConsole(folder: string): Promise<ConsoleFiles | undefined> {
  const page = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
  if (page === undefined) return undefined;
  const names = (await readdir(folder, { recursive: true })).filter((name) => mediaTypes[extname(name)] !== undefined);
  const assets = names.map(async (name): Promise<[string, ConsoleFile]> => {
    const mediaType = mediaTypes[extname(name)] ?? 'application/octet-stream';
    return [name.replaceAll(sep, '/'), { bytes: await readFile(join(folder, name)), mediaType }];
  });
  return { page, assets: new Map(await Promise.all(assets)) };
}
