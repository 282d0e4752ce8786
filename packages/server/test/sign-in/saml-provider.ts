import { createHash, generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';

/** What an assertion says, and what a test makes wrong in it. */
export interface Assertion {
  readonly nameId: string;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  readonly audience?: string;
  readonly recipient?: string;
  /** Minutes until it ends. */
  readonly minutes?: number;
  readonly inResponseTo?: string;
  /** Changed after it was signed. */
  readonly tamper?: (xml: string) => string;
  readonly unsigned?: true;
  readonly forged?: true;
}

export interface SamlProvider {
  readonly entityId: string;
  readonly certificate: string;
  /** The form that the browser posts, for the address that it was sent to. */
  answer(
    url: string,
    own: { entityId: string; callbackUrl: string },
    assertion: Assertion,
  ): { readonly SAMLResponse: string; readonly RelayState: string };
}

const saml = 'urn:oasis:names:tc:SAML:2.0';
const dsig = 'http://www.w3.org/2000/09/xmldsig#';
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/**
 * An identity provider that signs assertions (RSA with SHA-256, exclusive canonicalization). It writes its documents in
 * canonical form, so that what it signs is what it writes.
 */
export function createSamlProvider(): SamlProvider {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const entityId = 'https://idp.acme.example/metadata';

  function signed(assertion: string, id: string, key: KeyObject): string {
    const digest = createHash('sha256').update(assertion).digest('base64');
    const info = [
      `<ds:SignedInfo xmlns:ds="${dsig}">`,
      `<ds:CanonicalizationMethod Algorithm="${exclusive}"></ds:CanonicalizationMethod>`,
      '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod>',
      `<ds:Reference URI="#${id}"><ds:Transforms>`,
      `<ds:Transform Algorithm="${dsig}enveloped-signature"></ds:Transform>`,
      `<ds:Transform Algorithm="${exclusive}"></ds:Transform></ds:Transforms>`,
      '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>',
      `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`,
    ].join('');
    const value = sign('sha256', Buffer.from(info), key).toString('base64');
    const signature = `<ds:Signature xmlns:ds="${dsig}">${info}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
    return assertion.replace('</saml:Issuer>', `</saml:Issuer>${signature}`);
  }

  function assertionOf(own: { entityId: string; callbackUrl: string }, asked: Assertion, request: string, id: string) {
    const { minutes = 5, audience = own.entityId, recipient = own.callbackUrl, attributes = {} } = asked;
    const [from, until] = [time(minutes - 10), time(minutes)];
    const told = Object.entries(attributes).map(
      ([name, values]) =>
        `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
    );
    return [
      `<saml:Assertion xmlns:saml="${saml}:assertion" ID="${id}" IssueInstant="${from}" Version="2.0">`,
      `<saml:Issuer>${entityId}</saml:Issuer>`,
      `<saml:Subject><saml:NameID>${asked.nameId}</saml:NameID>`,
      `<saml:SubjectConfirmation Method="${saml}:cm:bearer">`,
      `<saml:SubjectConfirmationData InResponseTo="${request}" NotOnOrAfter="${until}" Recipient="${recipient}">`,
      '</saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>',
      `<saml:Conditions NotBefore="${from}" NotOnOrAfter="${until}">`,
      `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction>`,
      '</saml:Conditions>',
      `<saml:AuthnStatement AuthnInstant="${from}" SessionIndex="1"><saml:AuthnContext>`,
      `<saml:AuthnContextClassRef>${saml}:ac:classes:Password</saml:AuthnContextClassRef>`,
      '</saml:AuthnContext></saml:AuthnStatement>',
      told.length > 0 ? `<saml:AttributeStatement>${told.join('')}</saml:AttributeStatement>` : '',
      '</saml:Assertion>',
    ].join('');
  }

  return {
    entityId,
    certificate: certificateOf(publicKey, privateKey),
    answer(address, own, asked) {
      const query = new URL(address).searchParams;
      const request = inflateRawSync(Buffer.from(query.get('SAMLRequest') ?? '', 'base64')).toString();
      const inResponseTo = asked.inResponseTo ?? /\bID="([^"]+)"/.exec(request)?.[1] ?? '';
      const id = `_${randomUUID()}`;
      const plain = assertionOf(own, asked, inResponseTo, id);
      const assertion = asked.unsigned ? plain : signed(plain, id, asked.forged ? stranger : privateKey);
      const response = [
        `<samlp:Response xmlns:samlp="${saml}:protocol" Destination="${own.callbackUrl}" ID="_${randomUUID()}" `,
        `InResponseTo="${inResponseTo}" IssueInstant="${time(0)}" Version="2.0">`,
        `<saml:Issuer xmlns:saml="${saml}:assertion">${entityId}</saml:Issuer>`,
        `<samlp:Status><samlp:StatusCode Value="${saml}:status:Success"></samlp:StatusCode></samlp:Status>`,
        `${assertion}</samlp:Response>`,
      ].join('');
      const sent = asked.tamper ? asked.tamper(response) : response;
      return {
        SAMLResponse: Buffer.from(sent).toString('base64'),
        RelayState: query.get('RelayState') ?? '',
      };
    },
  };
}

function time(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}

/** A certificate that signs itself (RFC 5280 section 4.1), for a year around now. PEM. */
function certificateOf(publicKey: KeyObject, privateKey: KeyObject): string {
  const algorithm = sequence(Buffer.from('06092a864886f70d01010b0500', 'hex'));
  const name = sequence(der(0x31, sequence(Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('idp')))));
  const utc = (days: number) =>
    der(
      0x17,
      Buffer.from(
        `${new Date(Date.now() + days * 86_400_000)
          .toISOString()
          .replace(/[-:T]|\..*/g, '')
          .slice(2)}Z`,
      ),
    );
  const toBeSigned = sequence(
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    name,
    sequence(utc(-180), utc(180)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, Buffer.of(0), sign('sha256', toBeSigned, privateKey));
  const lines =
    sequence(toBeSigned, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function sequence(...content: readonly Buffer[]): Buffer {
  return der(0x30, ...content);
}

function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 128) return Buffer.concat([Buffer.of(tag, body.length), body]);
  return Buffer.concat([Buffer.of(tag, 0x82, body.length >> 8, body.length & 0xff), body]);
}
