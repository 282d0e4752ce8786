import type { Role } from '@pullgate/policy';
import type { Invitation, InvitationStore } from '../invitations/invitation.ts';
import type { Database } from './schema.ts';

export function openInvitationStore(database: Database): InvitationStore {
  const invitations = () =>
    database
      .selectFrom('invitations')
      .leftJoin('teams', 'teams.id', 'invitations.team_id')
      .selectAll('invitations')
      .select('teams.name as team');
  const within = (organizationId: string) => invitations().where('invitations.organization_id', '=', organizationId);
  type Row = Awaited<ReturnType<ReturnType<typeof invitations>['executeTakeFirstOrThrow']>>;
  const toInvitation = (row: Row): Invitation => ({
    id: row.id,
    organizationId: row.organization_id,
    invitee: row.invitee,
    email: row.email,
    personId: row.person_id,
    role: row.role as Role,
    team: row.team,
    invitedBy: row.invited_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  });

  return {
    async insert(invitation, teamId, secretHash) {
      await database
        .insertInto('invitations')
        .values({
          id: invitation.id,
          organization_id: invitation.organizationId,
          invitee: invitation.invitee,
          email: invitation.email,
          person_id: invitation.personId,
          role: invitation.role,
          team_id: teamId,
          secret_hash: secretHash,
          invited_by: invitation.invitedBy,
          created_at: invitation.createdAt,
          expires_at: invitation.expiresAt,
        })
        .execute();
    },
    async find(organizationId, id) {
      const row = await within(organizationId).where('invitations.id', '=', id).executeTakeFirst();
      return row && toInvitation(row);
    },
    async locate(id) {
      const row = await database
        .selectFrom('invitations')
        .select('organization_id')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.organization_id;
    },
    async bySecretHash(hash) {
      const row = await invitations().where('invitations.secret_hash', '=', hash).executeTakeFirst();
      return row && toInvitation(row);
    },
    async pendingFor(organizationId, { personId, email }) {
      const row = await within(organizationId)
        .where((column) =>
          column.or([
            ...(personId === null ? [] : [column('invitations.person_id', '=', personId)]),
            ...(email === null ? [] : [column('invitations.email', '=', email)]),
          ]),
        )
        .orderBy('invitations.created_at')
        .executeTakeFirst();
      return row && toInvitation(row);
    },
    async list(organizationId) {
      const rows = await within(organizationId)
        .orderBy('invitations.created_at')
        .orderBy('invitations.invitee')
        .execute();
      return rows.map(toInvitation);
    },
    async update(organizationId, id, { role, teamId, secretHash, expiresAt }) {
      const change = {
        ...(role !== undefined && { role }),
        ...(teamId !== undefined && { team_id: teamId }),
        ...(secretHash !== undefined && { secret_hash: secretHash }),
        ...(expiresAt !== undefined && { expires_at: expiresAt }),
      };
      await database
        .updateTable('invitations')
        .set(change)
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .execute();
    },
    async delete(organizationId, id) {
      await database
        .deleteFrom('invitations')
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .execute();
    },
    async deleteFor(organizationId, { id, email }) {
      await database
        .deleteFrom('invitations')
        .where('organization_id', '=', organizationId)
        .where((column) =>
          column.or([column('person_id', '=', id), ...(email === null ? [] : [column('email', '=', email)])]),
        )
        .execute();
    },
  };
}
