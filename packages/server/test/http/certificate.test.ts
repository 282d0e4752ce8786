import { mkdtemp, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { selfSignedCertificate } from '@pullgate/small-registry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CertificateFiles, followCertificate, readCertificate } from '../../src/http/certificate.ts';

let folder: string;
let files: CertificateFiles;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullgate-certificate-'));
  files = { certificate: join(folder, 'gate.crt'), key: join(folder, 'gate.key') };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** At once, so that nobody reads a half. */
async function put(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** Puts a new pair there, and gives its certificate. */
async function renew(): Promise<string> {
  const { cert, key } = selfSignedCertificate();
  await put(files.certificate, cert);
  await put(files.key, key);
  return cert;
}

/** What happened, in its order: a new certificate, or why there is none. */
async function follow(use = () => {}): Promise<{ readonly told: string[]; stop(): Promise<void> }> {
  const told: string[] = [];
  const stop = followCertificate(files, await readCertificate(files), {
    lookMs: 5,
    onRenewed({ certificate }) {
      use();
      told.push(certificate.toString());
    },
    onUnusable: (error) => told.push(String(error)),
  });
  return { told, stop };
}

describe('a certificate', () => {
  it('tells from when and until when it counts', async () => {
    await renew();
    const { validFrom, expiresAt } = await readCertificate(files);
    const halfDay = 43_200_000;
    expect(Math.abs(validFrom - (Date.now() - halfDay))).toBeLessThan(60_000);
    expect(Math.abs(expiresAt - (Date.now() + halfDay))).toBeLessThan(60_000);
  });

  it('that is none is refused', async () => {
    await writeFile(files.certificate, 'x');
    await writeFile(files.key, 'x');
    await expect(readCertificate(files)).rejects.toMatchObject({ code: 'ERR_OSSL_PEM_NO_START_LINE' });
  });

  it('is taken when it was renewed, once', async () => {
    await renew();
    const { told, stop } = await follow();
    const certificate = await renew();
    await expect.poll(() => told.at(-1)).toBe(certificate);
    await stop();
    expect(told.filter((one) => one === certificate)).toHaveLength(1);
  });

  it('is not told about while it stays the same', async () => {
    await renew();
    const { told, stop } = await follow();
    const { certificate } = await readCertificate(files);
    for (let i = 0; i < 5; i++) await put(files.certificate, certificate.toString());
    await sleep(30);
    await stop();
    expect(told).toEqual([]);
  });

  it('is taken once its key is there too; what is wrong until then is told once', async () => {
    await renew();
    const { told, stop } = await follow();
    const { cert, key } = selfSignedCertificate();
    await put(files.certificate, cert);
    await expect.poll(() => told).toHaveLength(1);
    await sleep(30);
    await put(files.key, key);
    await expect.poll(() => told.at(-1)).toBe(cert);
    await stop();
    expect(told).toEqual([expect.stringContaining('key values mismatch'), cert]);
  });

  it('that is not valid now does not replace one that is', async () => {
    await renew();
    const { told, stop } = await follow();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 172_800_000 });
    const { cert, key } = selfSignedCertificate();
    vi.useRealTimers();
    await put(files.certificate, cert);
    await put(files.key, key);
    await expect.poll(() => told.at(-1)).toContain('not valid now');
    const certificate = await renew();
    await expect.poll(() => told.at(-1)).toBe(certificate);
    await stop();
    expect(told).not.toContain(cert);
  });

  it('that could not be used is tried again', async () => {
    await renew();
    let refused = 0;
    const { told, stop } = await follow(() => {
      if (refused++ < 3) throw new Error('not now');
    });
    const certificate = await renew();
    await expect.poll(() => told.at(-1)).toBe(certificate);
    await stop();
    expect(told.filter((one) => one === 'Error: not now')).toHaveLength(1);
  });

  it('that goes missing is told once, and is taken when it comes back', async () => {
    await renew();
    const { told, stop } = await follow();
    await unlink(files.key);
    await expect.poll(() => told).toHaveLength(1);
    await sleep(30);
    expect(told).toEqual([expect.stringContaining('ENOENT')]);
    const certificate = await renew();
    await expect.poll(() => told.at(-1)).toBe(certificate);
    await stop();
  });

  it('is not looked at any more after the end', async () => {
    await renew();
    const { told, stop } = await follow();
    await stop();
    await renew();
    await sleep(30);
    expect(told).toEqual([]);
  });
});
