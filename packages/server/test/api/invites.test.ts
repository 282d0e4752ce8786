import { expect, it } from 'vitest';
import { inviteHandlers } from '../../src/api/invites.ts';
import { letterLimits, limitMail } from '../../src/sign-in/limited-mail.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { alice, settleOffice } from '../organizations/small-office.ts';

type Call = Parameters<ReturnType<typeof inviteHandlers>['resendInvite']>[0];

it('an invitation is sent again only so often, and a refused letter leaves its link as it is', async () => {
  const { admin, clock } = await settleOffice(await openTestDatabase());
  const links: string[] = [];
  const handlers = inviteHandlers({
    administration: admin,
    authentication: { requireGoodPassword: () => undefined, setFirstPassword: async () => undefined },
    mail: limitMail(
      { invitation: async ({ link }) => void links.push(link), passwordReset: async () => undefined },
      () => clock.now,
    ),
    onMailError: (error) => {
      throw error;
    },
    consoleUrl: 'https://gate.acme.example/console',
    now: () => clock.now,
  });
  await admin.invitations.invite('acme', { invitees: ['carol@elsewhere.example'] }, alice);
  const [{ id } = { id: '' }] = await admin.invitations.list('acme');
  const call = { caller: { kind: 'person' }, organization: { name: 'acme' }, params: { id }, actor: async () => alice };
  const resend = () => handlers.resendInvite(call as unknown as Call);
  for (let sent = 0; sent < letterLimits.invitation; sent++) await resend();
  await expect(resend()).rejects.toMatchObject({ status: 429, headers: { 'Retry-After': '3600' } });
  expect(links).toHaveLength(letterLimits.invitation);
  const secret = links.at(-1)?.split('#')[1] ?? '';
  expect(await admin.invitations.preview(secret)).toMatchObject({ invitation: { id } });
  clock.now += 3600_000;
  await resend();
  expect(links).toHaveLength(letterLimits.invitation + 1);
});
