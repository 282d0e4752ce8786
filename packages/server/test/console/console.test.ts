import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConsole } from '../../src/console/files.ts';
import { createConsole } from '../../src/console/handler.ts';

const page = '<meta property="csp-nonce" nonce="__NONCE__"><script src="/console/assets/main-1.js"></script>';
const script = 'console.log("it runs");'.repeat(50);

/** A folder as a build leaves it. */
function built(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-console-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'assets', 'main-1.js'), script);
  writeFileSync(join(folder, 'assets', 'secret.txt'), 'not a part of it');
  return folder;
}

async function serve(folder: string): Promise<(path: string, headers?: Record<string, string>) => Promise<Response>> {
  const handle = createConsole(await readConsole(folder));
  const server = createServer((request, response) => void handle(request, response, request.url ?? ''));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return (path, headers = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers });
}

describe('the console', () => {
  it.each(['/console/', '/console/o/acme/image-access', '/console/sign-in', '/console/index.html'])(
    'is one page, at %s too: the script shows what the address says',
    async (path) => {
      const answer = await (await serve(built()))(path);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(await answer.text()).toContain('main-1.js');
    },
  );

  it('lets only its own scripts run, and only styles with the nonce of this answer', async () => {
    const get = await serve(built());
    const [one, other] = [await get('/console/'), await get('/console/')];
    const policy = one.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(await one.text()).toContain(`nonce="${nonce}"`);
    expect(other.headers.get('content-security-policy')).not.toContain(nonce);
    expect(one.headers.get('cache-control')).toBe('no-store');
  });

  it('keeps its assets for ever, compressed for whoever can read that', async () => {
    const get = await serve(built());
    const answer = await get('/console/assets/main-1.js', { 'accept-encoding': 'gzip' });
    expect(await answer.text()).toBe(script);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(Number(answer.headers.get('content-length'))).toBeLessThan(script.length);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    const plain = await get('/console/assets/main-1.js', { 'accept-encoding': 'identity' });
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, script]);
  });

  it.each([
    ['another file', '/console/assets/secret.txt'],
    ['an old file', '/console/assets/main-0.js'],
    ['an encoded way out', '/console/assets/..%2f..%2fpackage.json'],
  ])('gives nobody %s', async (_, path) => {
    expect((await (await serve(built()))(path)).status).toBe(404);
  });

  it('says what to do when it was not built', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pullgate-console-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const answer = await (await serve(folder))('/console/');
    expect([answer.status, await answer.json()]).toEqual([503, { message: expect.stringContaining('npm run build') }]);
  });
});
