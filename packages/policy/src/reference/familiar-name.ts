import { type Digest, digestOf } from './digest.ts';
import { checkDomain, checkPath, checkTag } from './grammar.ts';
import { InvalidReference, shown } from './invalid-reference.ts';
import { dockerHub, isHostWithoutPort } from './registry.ts';

/**
 * An image name as container clients understand it, part by part as distribution/reference normalises it. The domain
 * is still spelt as it was written: what decides needs `parseImageReference`.
 */
export interface FamiliarName {
  readonly domain: string;
  readonly path: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const identifier = /^[a-f0-9]{64}$/;

/**
 * Parses what people write after `docker pull`, by the rules of distribution/reference. Two differences, both refusals:
 * a first part that looks like a host and is none (`foo_bar.com/app`, where distribution ends up with no host at all),
 * and a digest that cannot be verified. Throws `InvalidReference`.
 */
export function parseFamiliarName(text: string): FamiliarName {
  if (text === '') throw new InvalidReference('empty', 'The image name is empty. Write one like nginx:1.27.');
  if (identifier.test(text)) {
    throw new InvalidReference(
      'identifier',
      `${shown(text)} is read as the id of a local image. Write docker.io/library/ before it if it is a name.`,
    );
  }
  if (text.includes('://')) {
    throw new InvalidReference(
      'scheme',
      `${shown(text)} is a URL. Write the image without the part up to and including ://.`,
    );
  }
  const { host, remainder } = splitHost(text);
  const { name, tag, digest } = splitRemainder(remainder);
  const domain = host === undefined || host === 'index.docker.io' ? dockerHub : host;
  const path = domain === dockerHub && !remainder.includes('/') ? `library/${name}` : name;
  checkDomain(domain);
  checkPath(path, host === undefined ? name : `${host}/${name}`);
  if (tag !== undefined) checkTag(tag);
  return {
    domain,
    path,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest: digestOf(digest) }),
  };
}

/**
 * Splits off the host. The first of several parts is one if it is `localhost`, holds `.` or `:`, or an upper-case
 * letter; a name of one part never has a host, so `192.168.0.1:80` is Docker Hub's repository with the tag `80`.
 */
export function splitHost(text: string): { host: string | undefined; remainder: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  return isHostWithoutPort(first) || first !== first.toLowerCase()
    ? { host: first, remainder: text.slice(slash + 1) }
    : { host: undefined, remainder: text };
}

/** Splits `name[:tag][@digest]`. Neither `@` nor `:` can be part of a name, nor `@` of a tag, so the first of each counts. */
function splitRemainder(text: string): { name: string; tag: string | undefined; digest: string | undefined } {
  const [named, digest] = cut(text, '@');
  const [name, tag] = cut(named, ':');
  return { name, tag, digest };
}

function cut(text: string, separator: string): [before: string, after: string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
