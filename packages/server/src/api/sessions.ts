import { formatTime, type SessionBody } from '@pullgate/contract';
import type { Authentication, Session } from '../sign-in/authentication.ts';
import type { PersonCaller } from './authenticate.ts';
import type { Handlers } from './call.ts';

/** Where somebody is signed in. */
export function sessionHandlers({
  authentication,
}: {
  readonly authentication: Pick<Authentication, 'sessions' | 'revokeSession'>;
}) {
  return {
    async listOwnSessions({ caller }) {
      const sessions = await authentication.sessions(caller.person.id);
      return { results: sessions.map((session) => sessionBody(session, caller)) };
    },

    async endOwnSession({ caller, params: { id }, remote }) {
      await authentication.revokeSession(caller.person.id, id, remote);
      return undefined;
    },
  } satisfies Partial<Handlers>;
}

function sessionBody(session: Session, { by }: PersonCaller): SessionBody {
  return {
    id: session.id,
    method: session.method,
    created_at: formatTime(session.createdAt),
    expires_at: formatTime(session.expiresAt),
    ip_address: session.address,
    user_agent: session.userAgent,
    is_current: by.kind === 'session' && by.session.id === session.id,
  };
}
