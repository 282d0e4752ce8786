import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sentences } from '@pullgate/contract';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { capturingShell } from '../capturing-shell.ts';
import { type RecordingGate, startRecordingGate } from '../commands/api/recording-gate.ts';

const refused = { status: 401, body: JSON.stringify({ detail: sentences.wrongLogin }) };
const asksForCode = { detail: sentences.secondFactorRequired, login_2fa_token: 'the ticket' };

let gate: RecordingGate;
let home: string;

beforeAll(async () => {
  gate = await startRecordingGate(({ target, body }) => {
    if (target === '/v2/users/login') return { status: 401, body: JSON.stringify(asksForCode) };
    const { login_2fa_token: ticket, code } = body as { login_2fa_token: string; code: string };
    const isRight = target === '/v2/users/2fa-login' && ticket === 'the ticket' && code === '123456';
    return isRight ? { status: 200, body: JSON.stringify({ token: 'a.b.c' }) } : refused;
  });
});

afterAll(() => gate.close());

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pullgate-cli-'));
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

async function login(...answers: string[]) {
  const shell = capturingShell({ env: { XDG_CONFIG_HOME: home }, answers });
  const code = await run(['login', '--url', gate.url, '--username', 'alice'], shell);
  return { code, text: `${shell.stdout.text}${shell.stderr.text}` };
}

const kept = () => JSON.parse(readFileSync(join(home, 'pullgate', 'sign-in.json'), 'utf8'));

test('the code is asked for, and may be typed as the app shows it', async () => {
  const { code, text } = await login('the password', '123 456');
  expect(code).toBe(0);
  expect(text).not.toMatch(/the password|123 ?456|the ticket|a\.b\.c/);
  expect(kept()).toEqual({ url: gate.url, username: 'alice', bearer: 'a.b.c' });
});

test.each([
  ['a wrong code', '000000', 4, `pullgate: ${sentences.wrongLogin}\n`],
  ['no code', '', 2, 'pullgate: This account has a second factor.'],
])('%s signs nobody in', async (_, typed, code, text) => {
  expect(await login('the password', typed)).toEqual({ code, text: expect.stringContaining(text) });
  expect(kept).toThrow('ENOENT');
});
