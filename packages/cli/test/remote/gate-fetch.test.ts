import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from '@pullgate/small-registry';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { parseGateAddress } from '../../src/remote/gate-address.ts';
import { gateFetch } from '../../src/remote/gate-fetch.ts';
import { capturingShell } from '../capturing-shell.ts';
import { startRecordingGate } from '../commands/api/recording-gate.ts';

describe('the address of a gate', () => {
  test.each([
    ['gate.acme.dev', 'https://gate.acme.dev'],
    ['gate.acme.dev:8443', 'https://gate.acme.dev:8443'],
    ['https://gate.acme.dev/', 'https://gate.acme.dev'],
    ['HTTPS://Gate.Acme.dev:443', 'https://gate.acme.dev'],
    ['http://localhost:5050', 'http://localhost:5050'],
    ['http://gate.localhost', 'http://gate.localhost'],
    ['http://127.0.0.1:5050', 'http://127.0.0.1:5050'],
    ['http://[::1]:5050', 'http://[::1]:5050'],
  ])('%s is %s', (text, origin) => {
    expect(parseGateAddress(text)).toBe(origin);
  });

  test.each([
    '',
    'https://',
    'ftp://gate.acme.dev',
    'https://alice:secret@gate.acme.dev',
    'https://gate.acme.dev/v2',
    'https://gate.acme.dev?x',
    'https://gate.acme.dev#x',
    'http://gate.acme.dev',
    'http://127.0.0.1.acme.dev',
    'http://localhost.acme.dev',
    'http://10.0.0.1',
  ])('%j is none', (text) => {
    expect(() => parseGateAddress(text)).toThrow(expect.objectContaining({ name: 'Failure', exitCode: 2 }));
  });
});

describe('no answer', () => {
  test('from a gate whose certificate is not trusted', async () => {
    const { cert, key } = selfSignedCertificate(['localhost', '127.0.0.1']);
    const server = createServer({ cert, key }, (_, response) => response.end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const asked = gateFetch(new Request(`https://127.0.0.1:${port}/v2/user`));
      await expect(asked).rejects.toMatchObject({
        exitCode: 8,
        message: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('from where a gate sends elsewhere: the bearer does not go there', async () => {
    const gate = await startRecordingGate(() => ({ status: 301, headers: { location: 'https://gate.invalid/' } }));
    try {
      const asked = gateFetch(new Request(`${gate.url}/v2/user`, { redirect: 'error' }));
      await expect(asked).rejects.toMatchObject({ exitCode: 8, message: expect.stringContaining('sends elsewhere') });
    } finally {
      await gate.close();
    }
  });

  test('in the words of a gate', async () => {
    const gate = await startRecordingGate(() => ({ status: 200, body: '<html>' }));
    const shell = capturingShell({ answers: ['a password'] });
    try {
      expect(await run(['login', '--url', gate.url, '--username', 'alice'], shell)).toBe(1);
      expect(shell.stderr.text).toBe('pullgate: What answers there is no gate. Is the address right?\n');
    } finally {
      await gate.close();
    }
  });
});
