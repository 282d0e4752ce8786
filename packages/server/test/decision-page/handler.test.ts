import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDecisionPage } from '../../src/decision-page/handler.ts';

// Who is sent to the console. What the page itself shows to whom is in gate/decision-page.test.ts.

async function serve(hasConsole: boolean): Promise<(headers: Record<string, string>) => Promise<Response>> {
  const page = createDecisionPage({
    signIn: () => ({ refused: 'This is no access token of this gate.' }),
    find: async () => undefined,
    ownersOf: async () => [],
    hasConsole,
  });
  const server = createServer((request, response) => void page(request, response, '7f3a9c'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return (headers) => fetch(`http://127.0.0.1:${port}/d/7f3a9c`, { headers, redirect: 'manual' });
}

const browser = { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' };
const token = { authorization: `Basic ${btoa('max:pgp_x')}` };

describe('the link in a refusal', () => {
  it('leads a browser to the console', async () => {
    const answer = await (await serve(true))(browser);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/console/decisions/7f3a9c']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['a program', true, {}],
    ['a browser in which a token was typed', true, { ...browser, ...token }],
    ['a browser, where no console was built', false, browser],
  ])('asks %s for a token', async (_, hasConsole, headers) => {
    const answer = await (await serve(hasConsole))(headers);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="Pullgate", charset="UTF-8"',
    ]);
  });
});
