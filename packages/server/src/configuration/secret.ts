import { inspect } from 'node:util';

const hidden = '[secret]';

/**
 * A password or token from the configuration. However it is printed (text, JSON, `console.log`, a template, a log line)
 * it says `[secret]`, so that a forgotten line cannot leak it. Only `reveal()` gives the text.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself: for the wire, never for a log or an error. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.toPrimitive](): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}
