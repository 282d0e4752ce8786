import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/**
 * A fresh certificate for DNS names and IPv4 addresses that signs itself, valid for a day around now. Clients trust it when it
 * is given to them as a CA. PEM. Made here, so that no private key lies in the repository.
 */
export function selfSignedCertificate(names: readonly string[] = ['localhost', '127.0.0.1']): {
  cert: string;
  key: string;
} {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = sequence(set(sequence(commonName, der(0x0c, Buffer.from('small-registry')))));
  const day = 86_400_000;
  const validity = sequence(utcTime(Date.now() - day / 2), utcTime(Date.now() + day / 2));
  // RFC 5280 section 4.1: version 3, serial, algorithm, issuer, validity, subject, key, extensions.
  const toBeSigned = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ecdsaWithSha256,
    subject,
    validity,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(extension(subjectAltName, sequence(...names.map(generalName))), extension(basicConstraints, ca)),
    ),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, ecdsaWithSha256, der(0x03, Buffer.of(0), signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** One value of ASN.1 in the distinguished encoding rules: tag, length, content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), body]);
}

const sequence = (...content: readonly Buffer[]): Buffer => der(0x30, ...content);
const set = (...content: readonly Buffer[]): Buffer => der(0x31, ...content);
const integer = (bytes: Buffer): Buffer => der(0x02, bytes);
const objectIdentifier = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

const ecdsaWithSha256 = sequence(objectIdentifier('2a8648ce3d040302'));
const commonName = objectIdentifier('550403');
const subjectAltName = objectIdentifier('551d11');
const basicConstraints = objectIdentifier('551d13');
/** `cA` is true: the certificate may be given as its own authority. */
const ca = sequence(Buffer.of(0x01, 0x01, 0xff));

const extension = (id: Buffer, value: Buffer): Buffer => sequence(id, der(0x04, value));

function utcTime(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function generalName(name: string): Buffer {
  const isAddress = /^[\d.]+$/.test(name);
  return isAddress ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));
}
