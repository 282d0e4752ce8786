import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** What a page hands to `navigator.credentials`, and what a test changes of it. */
export interface Ceremony {
  readonly challenge: string;
  readonly origin?: string;
  readonly rpId?: string;
  readonly userVerified?: boolean;
  /** Signs with a key that was never registered. */
  readonly forged?: boolean;
}

const userPresent = 0x01;
const userVerifiedFlag = 0x04;
const attested = 0x40;

/** A security key (WebAuthn level 2) with one ES256 credential, as far as registering and signing in need one. */
export function createAuthenticator(page: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const id = randomBytes(32);
  let counter = 0;

  function authenticatorData({ rpId = new URL(page).hostname, userVerified = true }: Ceremony, more = 0): Buffer {
    const head = Buffer.alloc(5);
    head.writeUInt8(userPresent | (userVerified ? userVerifiedFlag : 0) | more);
    head.writeUInt32BE(++counter, 1);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), head]);
  }

  function clientData(type: string, { challenge, origin = page }: Ceremony): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  const credential = { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' };

  return {
    create(ceremony: Ceremony) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const data = Buffer.concat([
        authenticatorData(ceremony, attested),
        Buffer.alloc(16),
        length,
        id,
        coseKey(publicKey),
      ]);
      // { fmt: 'none', attStmt: {}, authData }
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex'),
        lengthOf(data),
        data,
      ]);
      return {
        ...credential,
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData('webauthn.create', ceremony).toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
      };
    },
    get(ceremony: Ceremony) {
      const [data, client] = [authenticatorData(ceremony), clientData('webauthn.get', ceremony)];
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
      const signature = createSign('sha256')
        .update(signed)
        .sign(ceremony.forged ? stranger : privateKey);
      return {
        ...credential,
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
        },
      };
    },
  };
}

/** RFC 9053 section 7.1.1: an elliptic curve key in CBOR. */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]);
}

function lengthOf(data: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length);
  return length;
}
