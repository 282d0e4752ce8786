import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { defaultPolicy } from '@pullgate/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemo } from '../src/demo.ts';
import { demoImages } from '../src/images.ts';
import type { Demo } from '../src/run.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo(0);
}, 60_000);
afterAll(() => demo.close());

/** What a pull of the image's manifest is answered with. */
async function pull(username: string, repository: string): Promise<number> {
  const { url, accounts } = demo.facts;
  const account = accounts.find((candidate) => candidate.username === username);
  const basic = Buffer.from(`${username}:${account?.pat}`).toString('base64');
  const scope = new URLSearchParams({ scope: `repository:${repository}:pull` });
  const signedIn = await fetch(`${url}/token?${scope}`, { headers: { authorization: `Basic ${basic}` } });
  const { token } = (await signedIn.json()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${url}/v2/${repository}/manifests/latest`, { headers })).status;
}

describe('the demo', () => {
  it.each(demoImages)(
    'keeps its word about $repository, of the category $category',
    async ({ repository, category }) => {
      const allowed = category === 'organization' || defaultPolicy.allow[category];
      expect(await pull('max', repository)).toBe(allowed ? 200 : 403);
      expect(await pull('olivia', repository)).toBe(200);
    },
  );

  it.each(['max', 'olivia'])('lets %s sign in to the console, where the link in a refusal leads', async (username) => {
    const { url, password } = demo.facts;
    const answer = await fetch(`${url}/api/auth/sign-in/username`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ username, password }),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()).not.toEqual([]);
  });

  it('says on one line where it listens, and ends when it is told to', async () => {
    const program = fileURLToPath(new URL('../bin/demo.js', import.meta.url));
    const child = spawn(process.execPath, [program, '--json', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url, org, accounts, images } = JSON.parse(line.toString());
    expect(line.toString().trimEnd()).not.toContain('\n');
    expect([org, accounts.length, images.length]).toEqual(['acme', 2, demoImages.length]);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  }, 60_000);
});
