import { type Certificate, type CertificateFiles, followCertificate, readCertificate } from '../http/certificate.ts';
import type { Listener } from '../http/listener.ts';
import type { Log } from '../observe/log.ts';

const lookMs = 5_000;

/** The certificate that clients get. */
export interface ServedCertificate {
  readonly current: Certificate;
  /** Has the listener use each one that follows, until the function that it gives is called. */
  follow(listener: Listener): () => Promise<void>;
}

/** @throws Error of Node: see `readCertificate` */
export async function serveCertificate(files: CertificateFiles, log: Log): Promise<ServedCertificate> {
  let current = await readCertificate(files);
  warnOfTimes(current, log);

  return {
    get current() {
      return current;
    },
    follow: (listener) =>
      followCertificate(files, current, {
        lookMs,
        onRenewed(renewed) {
          listener.useCertificate(renewed);
          current = renewed;
          log.info({ expires: timestamp(renewed.expiresAt) }, 'The certificate was renewed.');
          warnOfTimes(renewed, log);
        },
        onUnusable: (error) =>
          log.error({ err: error, ...files }, 'The certificate cannot be read anew; the one before stays in use.'),
      }),
  };
}

function warnOfTimes({ validFrom, expiresAt }: Certificate, log: Log): void {
  if (expiresAt < Date.now()) {
    log.warn({ expires: timestamp(expiresAt) }, 'The certificate has expired. No client will connect.');
  } else if (validFrom > Date.now()) {
    log.warn({ validFrom: timestamp(validFrom) }, 'The certificate is not valid yet. No client will connect.');
  }
}

function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
