import { csvRow } from '../http/export-format.ts';
import type { Invitation } from '../invitations/invitation.ts';
import type { Member } from '../organizations/members.ts';
import { shownRole } from './profile.ts';

const header = ['Name', 'Username', 'Email', 'Type', 'Role', 'Teams', 'Date Joined'];

/** Members and who is invited as CSV, with Docker Hub's columns. */
export async function* memberTable(
  members: readonly Member[],
  invitations: readonly Invitation[],
): AsyncGenerator<string> {
  yield csvRow(header);
  for (const { name, username, email, role, teams, createdAt } of members) {
    yield csvRow([name, username, email ?? '', 'User', shownRole(role), teams.join(', '), dateJoined(createdAt)]);
  }
  for (const { invitee, email, role, team, createdAt } of invitations) {
    const username = email === null ? invitee : '';
    yield csvRow(['', username, email ?? '', 'Invitee', shownRole(role), team ?? '', dateJoined(createdAt)]);
  }
}

/** As Go prints a time: `2020-01-01 15:00:51.193000 +0000 UTC`. */
function dateJoined(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '000 +0000 UTC');
}
