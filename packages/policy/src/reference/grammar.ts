import { InvalidReference, shown } from './invalid-reference.ts';

// The grammar of distribution/reference, which is also that of OCI distribution-spec 1.1. No expression here can
// backtrack: each repetition begins with a character that cannot end the one before it.

const label = '[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*';
const host = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])`;
const domain = new RegExp(`^${host}(?::[0-9]+)?$`);

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const path = new RegExp(`^${component}(?:/${component})*$`);

const tag = /^\w[\w.-]{0,127}$/;

const maxDomain = 255;
const maxPath = 255;

/** Tells whether a text is a tag: up to 128 letters, digits, `_`, `.` and `-`, not beginning with `.` or `-`. */
export function isTag(text: string): boolean {
  return tag.test(text);
}

/** Checks `host[:port]`: a DNS name, an IPv4 address, or an IPv6 address in brackets without a zone. */
export function checkDomain(text: string): void {
  if (text.length <= maxDomain && domain.test(text)) return;
  throw new InvalidReference(
    'invalid-host',
    `${shown(text)} is not a registry host. Write it like ghcr.io, registry.example.com:5000 or [fc00::1]:5000.`,
  );
}

/**
 * Checks the path of a repository: OCI distribution-spec `<name>`, at most 255 characters.
 *
 * @param written the whole name that the path is from. In lower case it is what was meant, where the path alone is not:
 * `Acme/Web` with only its path `web` mended names the registry `acme`
 */
export function checkPath(text: string, written = text): void {
  if (text.length > maxPath) {
    throw new InvalidReference(
      'too-long',
      `${shown(text)} has ${text.length} characters, but a repository name has at most ${maxPath}.`,
    );
  }
  if (path.test(text)) return;
  if (path.test(text.toLowerCase())) {
    const lower = shown(written.toLowerCase());
    throw new InvalidReference('uppercase', `${shown(written)} must be lower case: write ${lower}.`);
  }
  throw new InvalidReference(
    'invalid-path',
    `${shown(text)} is not a repository name. Write lower-case letters and digits, with single . _ or - between them and / between parts.`,
  );
}

export function checkTag(text: string): void {
  if (isTag(text)) return;
  throw new InvalidReference(
    'invalid-tag',
    `${shown(text)} is not a tag. A tag has up to 128 letters, digits, _ . and -, and does not begin with . or -.`,
  );
}
