import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../pulls/temporary-folder.ts';
import { receiveWebhooks, type WebhookReceiver } from './webhook-receiver.ts';

test('kill -9 at any moment loses no delivery of a change that was made', { timeout: 120_000 }, async () => {
  const file = join(temporaryFolder(), 'state.db');
  // Each sixth delivery fails, so that the process is also killed between two attempts.
  const receiver = await receiveWebhooks((_received, count) => (count % 6 === 0 ? 500 : 200));
  const made: string[] = [];
  for (let round = 0; round < 3; round++) made.push(...(await changeAndKill(file, receiver, round)));

  // A last process delivers what the others left behind.
  const child = start(file, receiver, 3);
  const known = () => new Set(receiver.taken.map(({ body }) => JSON.parse(body).data.name));
  await expect.poll(() => made.filter((name) => !known().has(name)), { timeout: 60_000, interval: 50 }).toEqual([]);
  child.kill('SIGKILL');
  await once(child, 'exit');

  expect(made.length).toBeGreaterThan(0);
  const sequences = receiver.taken.map(({ body }) => JSON.parse(body).data.sequence as number);
  const first = [...new Set(sequences)];
  expect(first).toEqual(first.toSorted((one, other) => one - other));
  expect(first).toEqual(Array.from({ length: first.length }, (_, index) => index + 1));
});

function start(file: string, receiver: WebhookReceiver, round: number) {
  const script = fileURLToPath(new URL('./deliver-until-killed.ts', import.meta.url));
  return spawn(process.execPath, [script, file, receiver.url, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Gives the changes that the process said it had made before it was killed. */
async function changeAndKill(file: string, receiver: WebhookReceiver, round: number): Promise<string[]> {
  const child = start(file, receiver, round);
  const exit = once(child, 'exit');
  const enough = receiver.taken.length + 5 + Math.ceil(Math.random() * 30);
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += chunk;
    if (receiver.taken.length >= enough) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return output.split('\n').slice(0, -1);
}
