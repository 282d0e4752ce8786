import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { InvalidInput } from '../administration-error.ts';

const derive = promisify(argon2);

/** What one hash takes. */
export interface PasswordCost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
}

/** RFC 9106 section 4: the second recommended option, in one lane, for a server has other things to do too. */
export const passwordCost: PasswordCost = { memory: 65_536, passes: 3 };
const parallelism = 1;
const saltBytes = 16;
const tagBytes = 32;

/** Hashes at once: each takes a thread of the pool that files are read with too. */
const concurrency = 2;
/** Above it, whoever tries a password is told to come back, and memory is not what gives in. */
const maxWaiting = 64;

export const minPasswordLength = 10;
export const maxPasswordLength = 256;

/** Too many passwords are being checked at the moment. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy';
}

/** @throws InvalidInput with the field `password` */
export function requireGoodPassword(password: string): void {
  if (password.length >= minPasswordLength && password.length <= maxPasswordLength) return;
  throw new InvalidInput('password', `A password has ${minPasswordLength} to ${maxPasswordLength} characters.`);
}

/** Passwords by argon2id, in the PHC string format. */
export interface PasswordHashes {
  /**
   * Waits its turn however many there are: whoever sets a password showed an invitation, a link or a session, and
   * strangers who try passwords must not keep them from it halfway.
   */
  hash(password: string): Promise<string>;
  /** Takes the same time when there is no hash: whether somebody exists must not be told by the clock. @throws PasswordsBusy */
  verify(hash: string | undefined, password: string): Promise<boolean>;
}

/** @param cost of new hashes; old ones keep theirs. */
export function createPasswordHashes(cost: PasswordCost): PasswordHashes {
  const turns = createTurns();
  const nobody = { ...cost, parallelism, salt: randomBytes(saltBytes), tag: randomBytes(tagBytes) };

  const tagOf = (
    password: string,
    { memory, passes, parallelism, salt, tag }: Parsed,
    mostWaiting: number,
  ): Promise<Buffer> => {
    const parameters: Argon2Parameters = {
      message: password.normalize('NFKC'),
      nonce: salt,
      memory,
      passes,
      parallelism,
      tagLength: tag.length,
    };
    return turns(() => derive('argon2id', parameters), mostWaiting);
  };

  return {
    async hash(password) {
      const salt = randomBytes(saltBytes);
      const expected = { ...cost, parallelism, salt, tag: Buffer.alloc(tagBytes) };
      const tag = await tagOf(password, expected, Number.POSITIVE_INFINITY);
      const { memory, passes } = cost;
      return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
    },
    async verify(hash, password) {
      const parsed = hash === undefined ? undefined : parse(hash);
      if (password.length > maxPasswordLength) return false;
      const { tag, ...expected } = parsed ?? nobody;
      const found = await tagOf(password, { ...expected, tag }, maxWaiting);
      return timingSafeEqual(found, tag) && parsed !== undefined;
    },
  };
}

interface Parsed {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** Digits are few, so that no row of a database can ask for more memory than there is. */
const phc = /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{22,64})\$([A-Za-z0-9+/]{43,86})$/;

function parse(hash: string): Parsed | undefined {
  const [, memory, passes, parallelism, salt = '', tag = ''] = phc.exec(hash) ?? [];
  if (memory === undefined) return undefined;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

/** Runs a few at once and lets others wait, unless too many do. */
function createTurns() {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>, mostWaiting: number): Promise<T> => {
    if (running >= concurrency) {
      if (waiting.length >= mostWaiting)
        throw new PasswordsBusy('Too many passwords are being checked. Try again soon.');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      // The place goes to the next one, so nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
