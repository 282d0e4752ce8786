import type { Event } from './target.ts';

/** RFC 5424, table 1 and 2: facility 13 is the audit log, severity 5 is notice. */
const priority = 13 * 8 + 5;
/** RFC 5424, 6: longest host name, and longest message id. */
const hostLimit = 255;
const messageIdLimit = 32;
/** RFC 5425, 4.3.1: what receivers should be able to take. */
const messageLimit = 8192;

export interface Sender {
  readonly host: string;
  readonly process: number;
}

/**
 * One event as RFC 5424 has it, in a frame that counts its octets (RFC 6587, 3.4.1; RFC 5425, 4.3). The message is JSON in
 * ASCII: no byte order mark is needed to tell its encoding, and no line break can begin another message.
 */
export function syslogFrame(event: Event, sender: Sender): Buffer {
  const header = headerOf(event, sender);
  const { document } = event;
  const whole = Buffer.from(`${header} ${asciiJson({ id: event.id, ...document })}`);
  return framed(whole.length <= messageLimit ? whole : Buffer.from(`${header} ${asciiJson(shortened(event))}`));
}

function headerOf({ type, at }: Event, { host, process }: Sender): string {
  const time = new Date(at).toISOString();
  const id = printable(messageIdOf(type), messageIdLimit);
  return `<${priority}>1 ${time} ${printable(host, hostLimit)} pullgate ${process} ${id} -`;
}

/** The action, from the first part on with which it fits: its end tells more than its beginning. */
export function messageIdOf(action: string): string {
  const dot = action.indexOf('.');
  return action.length <= messageIdLimit || dot === -1 ? action : messageIdOf(action.slice(dot + 1));
}

/** The details of a change can be as long as an allowlist; the row's sequence tells where to find them. */
function shortened({ id, document }: Event): object {
  const { before: _before, after: _after, ...rest } = document;
  return { id, ...rest, shortened: true };
}

function framed(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

function asciiJson(value: object): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** PRINTUSASCII without spaces; `-` when nothing is left. */
function printable(text: string, limit: number): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, limit) || '-';
}
