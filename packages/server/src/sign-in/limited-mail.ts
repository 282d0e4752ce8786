import { LRUCache } from 'lru-cache';
import type { Mail } from './mail.ts';

export interface LimitedMail extends Mail {
  /** Seconds until another invitation may be sent to an address; undefined when it may be now. */
  invitationDelay(to: string): number | undefined;
}

/** Letters to one address in one hour. Apart from each other, for strangers can ask for links for a new password. */
export const letterLimits = { invitation: 10, passwordReset: 3 } as const;

const windowMs = 3600_000;
const maxAddresses = 50_000;

type Kind = keyof typeof letterLimits;

interface Count {
  letters: number;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/**
 * Sends one address only so many letters, or the gate would be a tool to flood somebody with mail (mail bombing). Kept in
 * memory: each node counts for itself.
 *
 * @param now milliseconds since 1970
 */
export function limitMail(mail: Mail, now: () => number): LimitedMail {
  const counts = new LRUCache<string, Count>({ max: maxAddresses });

  function current(kind: Kind, to: string): Count {
    const key = `${kind} ${mailboxOf(to)}`;
    const known = counts.get(key);
    if (known && now() < known.endsAt) return known;
    const fresh = { letters: 0, endsAt: now() + windowMs };
    counts.set(key, fresh);
    return fresh;
  }

  async function send(kind: Kind, to: string, letter: () => Promise<void>): Promise<void> {
    const count = current(kind, to);
    if (count.letters >= letterLimits[kind]) throw new Error('This address was sent enough letters for an hour.');
    count.letters++;
    await letter();
  }

  return {
    invitation: (letter) => send('invitation', letter.to, () => mail.invitation(letter)),
    passwordReset: (letter) => send('passwordReset', letter.to, () => mail.passwordReset(letter)),
    invitationDelay(to) {
      const { letters, endsAt } = current('invitation', to);
      return letters < letterLimits.invitation ? undefined : Math.ceil((endsAt - now()) / 1000);
    },
  };
}

/** Many mail servers put everything that stands behind a `+` into the same mailbox (RFC 5233). */
function mailboxOf(address: string): string {
  return address.toLowerCase().replace(/\+[^@]*(?=@[^@]*$)/, '');
}
