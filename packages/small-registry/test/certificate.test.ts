import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { selfSignedCertificate, startSmallRegistry } from '../src/index.ts';
import { ask } from './client.ts';

test('a client that is given the certificate trusts the server, others do not', async () => {
  const tls = selfSignedCertificate();
  const registry = await startSmallRegistry({ tls });
  expect((await ask(`${registry.url}/v2/`, { ca: tls.cert })).status).toBe(200);
  await expect(ask(`${registry.url}/v2/`)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  await registry.close();
});

test('a server of another name is not trusted', async () => {
  const tls = selfSignedCertificate(['registry.example']);
  const registry = await startSmallRegistry({ tls });
  await expect(ask(`${registry.url}/v2/`, { ca: tls.cert })).rejects.toMatchObject({
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
  await registry.close();
});

test('the certificate carries every name and is new each time', () => {
  const first = new X509Certificate(selfSignedCertificate(['registry.example', '127.0.0.1']).cert);
  expect(first.subjectAltName).toBe('DNS:registry.example, IP Address:127.0.0.1');
  expect(first.verify(first.publicKey)).toBe(true);
  expect(new X509Certificate(selfSignedCertificate().cert).serialNumber).not.toBe(first.serialNumber);
});
