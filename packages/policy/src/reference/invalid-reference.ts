import { printable, shorten } from '../printable.ts';

export type InvalidReferenceCode =
  | 'empty'
  | 'too-long'
  /** It begins like a URL. */
  | 'scheme'
  /** 64 hexadecimal digits, which clients take for the id of a local image. */
  | 'identifier'
  | 'invalid-host'
  | 'uppercase'
  | 'invalid-path'
  | 'invalid-tag'
  | 'invalid-digest'
  /** Not something that an organization access token can be limited to. */
  | 'invalid-resource';

/** A text that names no image. The message is one printable line that tells a person what to write instead. */
export class InvalidReference extends Error {
  override readonly name = 'InvalidReference';
  readonly code: InvalidReferenceCode;

  constructor(code: InvalidReferenceCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Text from outside, made fit to be shown in an error. */
export function shown(text: string): string {
  return text === '' ? '""' : printable(shorten(text, 80));
}
