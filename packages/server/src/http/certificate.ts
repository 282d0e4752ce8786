import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';

/** Paths of PEM files. */
export interface CertificateFiles {
  /** The certificate, and its chain behind it. */
  readonly certificate: string;
  readonly key: string;
}

/** A certificate with its key: PEM, and the times in milliseconds since 1970. */
export interface Certificate {
  readonly certificate: Buffer;
  readonly key: Buffer;
  readonly validFrom: number;
  readonly expiresAt: number;
}

/** @throws Error of Node when a file cannot be read, is no certificate or key, or they do not belong together */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const [certificate, key] = await Promise.all([readFile(files.certificate), readFile(files.key)]);
  createSecureContext({ cert: certificate, key });
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  return { certificate, key, validFrom: validFromDate.getTime(), expiresAt: validToDate.getTime() };
}

export interface CertificateEvents {
  /** How often the files are read. By their contents: what mounts secrets swaps folders, and no file is written. */
  readonly lookMs: number;
  onRenewed(certificate: Certificate): void;
  /** Once for each reason: who renews writes one file after the other. The certificate before stays in use. */
  onUnusable(error: unknown): void;
}

function isValid({ validFrom, expiresAt }: Certificate): boolean {
  const now = Date.now();
  return validFrom <= now && now < expiresAt;
}

/** Tells of every certificate that follows the present one, until the function that it gives is called. */
export function followCertificate(
  files: CertificateFiles,
  present: Certificate,
  { lookMs, onRenewed, onUnusable }: CertificateEvents,
): () => Promise<void> {
  const ending = new AbortController();
  let inUse = present;
  let told = '';

  async function look(): Promise<void> {
    try {
      const found = await readCertificate(files);
      if (isValid(inUse) && !isValid(found)) throw new Error('This certificate is not valid now.');
      const isSame = found.certificate.equals(inUse.certificate) && found.key.equals(inUse.key);
      if (!isSame) onRenewed(found);
      inUse = found;
      told = '';
    } catch (error) {
      if (String(error) !== told) onUnusable(error);
      told = String(error);
    }
  }

  async function lookAgainAndAgain(): Promise<void> {
    while (await isStillWanted()) await look();
  }

  function isStillWanted(): Promise<boolean> {
    const { signal } = ending;
    return sleep(lookMs, true, { signal, ref: false }).catch(() => false);
  }

  const looking = lookAgainAndAgain();
  return () => {
    ending.abort();
    return looking;
  };
}
