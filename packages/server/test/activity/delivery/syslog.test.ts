import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { selfSignedCertificate } from '@pullgate/small-registry';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createSyslog, type SyslogOptions } from '../../../src/activity/delivery/syslog.ts';
import { syslogFrame } from '../../../src/activity/delivery/syslog-message.ts';
import { createAddressGuard } from '../../../src/upstream/guard.ts';
import { temporaryFolder } from '../../pulls/temporary-folder.ts';
import { event, events } from './events.ts';
import { receiveSyslog } from './syslog-receiver.ts';

const certificate = selfSignedCertificate();
const sender = { host: 'gate.example', process: 4711 };
const never = new AbortController().signal;

let ca: string;

beforeEach(() => {
  ca = file('ca.pem', certificate.cert);
});

function file(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

function syslogTo(port: number, options: Partial<SyslogOptions> = {}) {
  const guard = createAddressGuard({ allowPrivate: true });
  return createSyslog({ host: 'localhost', port, ca, client: undefined, guard, sender, timeoutMs: 2_000, ...options });
}

function sequencesIn(messages: readonly string[]): number[] {
  return messages.map((message) => JSON.parse(message.slice(message.indexOf('{'))).sequence);
}

describe('a syslog message', () => {
  const textOf = (frame: Buffer) => frame.toString().replace(/^\d+ /, '');

  it('is as RFC 5424 says', () => {
    expect(syslogFrame(event(0), sender).toString()).toBe(
      '138 <109>1 2027-01-15T08:00:00.000Z gate.example pullgate 4711 org.member.add - ' +
        '{"id":"activity-1-0123456789abcdef","sequence":1,"name":"bob"}',
    );
  });

  it('is printable ASCII, whatever was changed, and says its length in octets', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, host) => {
        const frame = syslogFrame(event(0, { name }), { ...sender, host });
        const text = frame.toString('latin1');
        expect(text).toMatch(/^[\x20-\x7e]+$/);
        const [head = '', length] = /^(\d+) /.exec(text) ?? [];
        expect(Number(length)).toBe(frame.length - head.length);
        expect(JSON.parse(text.slice(text.indexOf('{'))).name).toBe(name);
        expect(text.split(' ').slice(1, 8)).toHaveLength(7);
      }),
    ));

  it('leaves the details out when it is longer than receivers take', () => {
    const after = { repositories: Array.from({ length: 1000 }, (_, index) => `docker.io/acme/image-${index}`) };
    const frame = syslogFrame(event(0, { before: null, after, hash: 'abc' }), sender);
    expect(frame.length).toBeLessThan(8192);
    const text = textOf(frame);
    expect(JSON.parse(text.slice(text.indexOf('{')))).toEqual({
      id: 'activity-1-0123456789abcdef',
      sequence: 1,
      name: 'bob',
      hash: 'abc',
      shortened: true,
    });
  });
});

describe('a syslog receiver', () => {
  it('gets every event once, over a verified connection', async () => {
    const receiver = await receiveSyslog(certificate);
    const syslog = syslogTo(receiver.port);
    await syslog.send(events(200), never);
    await syslog.send([event(200)], never);
    expect(sequencesIn(receiver.messages)).toEqual(Array.from({ length: 201 }, (_, index) => index + 1));
  });

  it('is given more than fits into one packet', async () => {
    const receiver = await receiveSyslog(certificate);
    const long = events(200).map((one) => ({ ...one, document: { ...one.document, text: 'x'.repeat(7000) } }));
    await syslogTo(receiver.port).send(long, never);
    expect(receiver.messages).toHaveLength(200);
  });

  it('may ask for a certificate of the gate', async () => {
    const gate = selfSignedCertificate(['gate.example']);
    const tls = { ...certificate, requestCert: true, rejectUnauthorized: true, ca: gate.cert };
    const receiver = await receiveSyslog(tls);
    await expect(syslogTo(receiver.port).send(events(1), never)).rejects.toThrow(/syslog receiver/);
    const client = { certificate: file('gate.pem', gate.cert), key: file('gate.key', gate.key) };
    await syslogTo(receiver.port, { client }).send(events(1), never);
    expect(receiver.messages).toHaveLength(1);
  });

  const wrong: readonly (readonly [string, () => Partial<SyslogOptions>, RegExp])[] = [
    ['is not trusted', () => ({ ca: undefined }), /cannot be reached: DEPTH_ZERO_SELF_SIGNED_CERT/],
    [
      'has a certificate of another authority',
      () => ({ ca: file('o.pem', selfSignedCertificate().cert) }),
      /cannot be reached: (DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_SIGNATURE_FAILURE)/,
    ],
    ['is at another address than its certificate says', () => ({ host: '127.0.0.2' }), /cannot be reached/],
    [
      'has an authority file that is gone',
      () => ({ ca: '/nowhere/ca.pem' }),
      /files of activity.syslog cannot be read: ENOENT/,
    ],
    ['is a metadata service', () => ({ host: '169.254.169.254' }), /must not be reached/],
  ];

  it.each(wrong)('gets nothing when it %s', async (_what, options, reason) => {
    const receiver = await receiveSyslog(certificate);
    await expect(syslogTo(receiver.port, options()).send(events(1), never)).rejects.toThrow(reason);
    expect(receiver.messages).toEqual([]);
  });

  it('gets nothing in the clear when its name is not the one in its certificate', async () => {
    const receiver = await receiveSyslog(selfSignedCertificate(['logs.example']));
    await expect(syslogTo(receiver.port).send(events(1), never)).rejects.toThrow(/cannot be reached/);
    expect(receiver.messages).toEqual([]);
  });

  it('that breaks the connection has not taken anything', async () => {
    const receiver = await receiveSyslog(certificate);
    const broken = await resetAfter(8_000, receiver.port);
    await expect(syslogTo(broken).send(events(200), never)).rejects.toThrow(/did not take everything: ECONNRESET/);
  });

  it('that never closes its side has not taken anything', async () => {
    const open = { ...certificate, allowHalfOpen: true };
    const receiver = await receiveSyslog(open);
    const sending = syslogTo(receiver.port, { timeoutMs: 100 }).send(events(1), never);
    await expect(sending).rejects.toThrow(/did not take everything: it did not answer in time/);
  });

  it('is left when the gate closes', async () => {
    const closing = new AbortController();
    const receiver = await receiveSyslog({ ...certificate, allowHalfOpen: true }, () => closing.abort());
    await expect(syslogTo(receiver.port).send(events(1), closing.signal)).rejects.toThrow(/the gate is closing/);
  });
});

/** The port of something between the gate and the receiver that breaks each connection after so many bytes. */
async function resetAfter(bytes: number, port: number): Promise<number> {
  const server = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    onward.on('error', () => {});
    onward.pipe(socket);
    let count = 0;
    socket.on('data', (chunk) => {
      count += chunk.length;
      if (count < bytes) return void onward.write(chunk);
      socket.resetAndDestroy();
      onward.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
