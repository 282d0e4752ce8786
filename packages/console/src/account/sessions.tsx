import Button from '@mui/material/Button';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemText from '@mui/material/ListItemText';
import type { SessionBody } from '@pullgate/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client, isApiError, messageOf } from '../app/client.ts';
import { signOut } from '../app/sign-out.ts';
import { useAddressSearch } from '../components/address-search.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { useNotice } from '../components/notice.tsx';
import { SearchedList } from '../components/searched-list.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { sessionsQuery } from './account-queries.ts';
import { describeClient } from './describe-client.ts';

const methods: Readonly<Record<SessionBody['method'], string>> = {
  password: 'by password',
  passkey: 'by passkey',
  'single-sign-on': 'by single sign-on',
  'set-up': 'at set-up',
};

/** Where the viewer is signed in. */
export function Sessions() {
  const { data: sessions = [], error } = useQuery(sessionsQuery);
  const search = useAddressSearch('sessions');
  const [isEndingAll, setIsEndingAll] = useState(false);
  const end = useEndSession();
  return (
    <Section
      title="Sessions"
      lead="Where you are signed in. End what you do not know, and then change your password."
      actions={
        <Button color="error" onClick={() => setIsEndingAll(true)}>
          Sign out everywhere
        </Button>
      }
    >
      {error && <ErrorMessage error={error} />}
      {sessions.length > 0 && (
        <SearchedList items={sessions} one="session" label="Search sessions" textOf={wordsOf} {...search}>
          {(found) => (
            <List disablePadding>
              {found.map((session) => (
                <ListItem
                  key={session.id}
                  disableGutters
                  divider
                  secondaryAction={
                    !session.is_current && (
                      <Button onClick={() => end(session)} aria-label={`End the session ${describe(session)}`}>
                        End
                      </Button>
                    )
                  }
                >
                  <ListItemText
                    primary={`${describe(session)}${session.is_current ? ' – this one' : ''}`}
                    secondary={
                      <>
                        {howOf(session)}, <Time value={session.created_at} />
                      </>
                    }
                    sx={{ pr: 8, overflowWrap: 'anywhere' }}
                  />
                </ListItem>
              ))}
            </List>
          )}
        </SearchedList>
      )}
      {isEndingAll && <EndAll sessions={sessions} onClose={() => setIsEndingAll(false)} />}
    </Section>
  );
}

function describe({ user_agent, ip_address }: SessionBody): string {
  const from = ip_address ?? '';
  return `${describeClient(user_agent)}${from === '' ? '' : ` from ${from}`}`;
}

function howOf({ method }: SessionBody): string {
  return `Signed in ${methods[method]}`;
}

function wordsOf(session: SessionBody): string {
  return `${describe(session)} ${howOf(session)}`;
}

/** Takes a session off the list at once, and puts it back when the gate did not end it. */
function useEndSession(): (session: SessionBody) => void {
  const queries = useQueryClient();
  const notify = useNotice();
  const { queryKey } = sessionsQuery;
  const end = useMutation({
    mutationFn: ({ id }: SessionBody) => client.endOwnSession({ params: { id } }),
    async onMutate({ id }) {
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueryData(queryKey);
      queries.setQueryData(queryKey, (known) => known?.filter((one) => one.id !== id));
      return before;
    },
    onSuccess: (_, session) => notify({ text: `The session ${describe(session)} is ended.` }),
    onError(error, _, before) {
      queries.setQueryData(queryKey, before);
      notify({ text: messageOf(error), severity: 'error' });
    },
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  return (session) => end.mutate(session);
}

function EndAll({ sessions, onClose }: { readonly sessions: readonly SessionBody[]; readonly onClose: () => void }) {
  const endAll = useMutation({
    async mutationFn() {
      await Promise.all(sessions.filter(({ is_current }) => !is_current).map(({ id }) => endIfThere(id)));
      await signOut();
    },
  });
  return (
    <ConfirmDialog
      title="Sign out everywhere?"
      action="Sign out everywhere"
      isRunning={endAll.isPending}
      error={endAll.error}
      onConfirm={() => endAll.mutate()}
      onClose={onClose}
    >
      All your sessions end, this one too. Access tokens work on: switch them off on the page of access tokens.
    </ConfirmDialog>
  );
}

/** One that ended meanwhile is what was wanted. */
async function endIfThere(id: string): Promise<void> {
  try {
    await client.endOwnSession({ params: { id } });
  } catch (error) {
    if (!isApiError(error) || error.status !== 404) throw error;
  }
}
