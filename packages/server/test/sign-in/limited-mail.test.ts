import { describe, expect, it } from 'vitest';
import { letterLimits, limitMail } from '../../src/sign-in/limited-mail.ts';

const hour = 3600_000;

function openMail() {
  const sent: string[] = [];
  let time = 1_000_000;
  const mail = limitMail(
    {
      invitation: async ({ to }) => void sent.push(`invitation ${to}`),
      passwordReset: async ({ to }) => void sent.push(`reset ${to}`),
    },
    () => time,
  );
  return {
    mail,
    sent,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    invite: (to: string) =>
      mail.invitation({ to, organization: 'acme', invitedBy: 'alice', link: 'https://gate.example/#secret' }),
    reset: (to: string) => mail.passwordReset({ to, username: 'bob', link: 'https://gate.example/#secret' }),
  };
}

async function times(count: number, act: () => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done++) await act();
}

describe('letters to one address', () => {
  it('are three links for a new password in an hour', async () => {
    const { sent, pass, reset } = openMail();
    await times(3, () => reset('bob@acme.example'));
    await expect(reset('bob@acme.example')).rejects.toThrow('enough letters');
    expect(sent).toHaveLength(3);
    pass(hour);
    await reset('bob@acme.example');
    expect(sent).toHaveLength(4);
  });

  it('are ten invitations in an hour, and it is told when the next one may be sent', async () => {
    const { mail, sent, pass, invite } = openMail();
    await times(letterLimits.invitation, () => invite('carol@acme.example'));
    await expect(invite('carol@acme.example')).rejects.toThrow('enough letters');
    expect(sent).toHaveLength(10);
    pass(hour / 2);
    expect(mail.invitationDelay('carol@acme.example')).toBe(1800);
    expect(mail.invitationDelay('dave@acme.example')).toBeUndefined();
    pass(hour / 2);
    expect(mail.invitationDelay('carol@acme.example')).toBeUndefined();
  });

  it.each(['BOB@acme.example', 'bob+1@acme.example', 'bob+a+b@ACME.example'])(
    'are counted by mailbox, however it is written: %s',
    async (spelling) => {
      const { reset } = openMail();
      await times(3, () => reset('bob@acme.example'));
      await expect(reset(spelling)).rejects.toThrow('enough letters');
    },
  );

  it.each(['bobby@acme.example', 'bob@other.example'])('are not counted for another: %s', async (other) => {
    const { sent, reset } = openMail();
    await times(3, () => reset('bob@acme.example'));
    await reset(other);
    expect(sent).toContain(`reset ${other}`);
  });

  it('of one kind are not used up by the other: a stranger who asks for links keeps nobody from being invited', async () => {
    const { sent, invite, reset } = openMail();
    await times(3, () => reset('bob@acme.example'));
    await invite('bob@acme.example');
    expect(sent).toContain('invitation bob@acme.example');
  });

  it('take bounded memory, however many addresses there are', async () => {
    const { sent, invite, reset } = openMail();
    await times(3, () => reset('bob@acme.example'));
    for (let number = 0; number < 50_000; number++) await invite(`p${number}@x.example`);
    // The one that was quiet the longest is forgotten.
    await reset('bob@acme.example');
    expect(sent.filter((letter) => letter === 'reset bob@acme.example')).toHaveLength(4);
  });
});
