import type { Migration } from 'kysely/migration';
import { initial } from './0001-initial.ts';
import { teamsInvitationsSettings } from './0002-teams-invitations-settings.ts';
import { signIn } from './0003-sign-in.ts';
import { activity } from './0004-activity.ts';
import { policyChanges } from './0005-policy-changes.ts';

/** In the order of their names. A migration that was released is never changed; the next one corrects it. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
  '0002-teams-invitations-settings': teamsInvitationsSettings,
  '0003-sign-in': signIn,
  '0004-activity': activity,
  '0005-policy-changes': policyChanges,
};
