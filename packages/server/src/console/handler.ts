import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Answer, jsonAnswer, send } from '../http/answer.ts';
import type { ConsoleFile, ConsoleFiles } from './files.ts';

const compress = promisify(gzip);
const base = '/console/';
/** The build names assets by a hash of their content, so what was once fetched is never asked for again. */
const forEver = 'public, max-age=31536000, immutable';

const notBuilt =
  'The Admin Console was not built. Run "npm run build" in the folder of Pullgate, and start it again. Pulls go on.';

/** Serves the Admin Console below `/console/`, to whoever asks: its data comes from the API, which asks who it is. */
export function createConsole(files: ConsoleFiles | undefined) {
  const compressed = new WeakMap<ConsoleFile, Promise<Buffer>>();

  /** Once for each file: compressing is slower than anything else here. */
  function compressedBytes(file: ConsoleFile): Promise<Buffer> {
    const known = compressed.get(file) ?? compress(file.bytes);
    compressed.set(file, known);
    return known;
  }

  async function assetAnswer(request: IncomingMessage, file: ConsoleFile): Promise<Answer> {
    const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding']));
    return {
      status: 200,
      headers: {
        'Content-Type': file.mediaType,
        'Cache-Control': forEver,
        'X-Content-Type-Options': 'nosniff',
        Vary: 'Accept-Encoding',
        ...(takesGzip && { 'Content-Encoding': 'gzip' }),
      },
      body: takesGzip ? await compressedBytes(file) : file.bytes,
    };
  }

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    if (files === undefined) return send(request, response, jsonAnswer(503, { message: notBuilt }));
    const asset = files.assets.get(path.slice(base.length));
    if (asset) return send(request, response, await assetAnswer(request, asset));
    // A file that is not there is no page: an old page that asks for one must not be given HTML as a script.
    if (path.startsWith(`${base}assets/`)) {
      return send(request, response, jsonAnswer(404, { message: 'This file is not found. Load the page again.' }));
    }
    send(request, response, pageAnswer(files.page));
  };
}

function pageAnswer(page: string): Answer {
  const nonce = randomBytes(16).toString('base64');
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': contentSecurityPolicy(nonce),
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self)',
    },
    body: page.replaceAll('__NONCE__', nonce),
  };
}

/** Scripts only from here, styles only from here or with the nonce of this answer, requests only to here. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
