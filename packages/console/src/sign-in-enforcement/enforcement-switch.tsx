import Alert from '@mui/material/Alert';
import FormControlLabel from '@mui/material/FormControlLabel';
import Switch from '@mui/material/Switch';
import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { client, messageOf } from '../app/client.ts';
import { useNotice } from '../components/notice.tsx';

const enforcementQuery = (org: string) =>
  queryOptions({
    queryKey: ['sign-in-enforcement', org],
    queryFn: ({ signal }) => client.getSignInEnforcement({ params: { org } }, { signal }),
  });

interface EnforcementSwitchProps {
  readonly org: string;
  readonly isOwner: boolean;
}

/** Whether anybody may pull without signing in. */
export function EnforcementSwitch({ org, isOwner }: EnforcementSwitchProps) {
  const { data } = useSuspenseQuery(enforcementQuery(org));
  const set = useSetEnforcement(org);
  return (
    <>
      <FormControlLabel
        control={<Switch checked={data.enforce} disabled={!isOwner} onChange={(_, enforce) => set.mutate(enforce)} />}
        label={data.enforce ? 'On: nobody pulls without signing in' : 'Off: pulls without a sign-in are judged, too'}
      />
      <Alert severity={data.enforce ? 'info' : 'warning'} sx={{ mt: 2 }}>
        {data.enforce
          ? 'It holds for every pull through this gate, whatever the image: a client that has not signed in is told to use docker login.'
          : 'As long as no organization of this gate enforces sign-in, who is not signed in is judged as a plain member of the gate’s first organization: signing out is no way round its policy, but nobody is named in the records.'}
      </Alert>
    </>
  );
}

function useSetEnforcement(org: string) {
  const queries = useQueryClient();
  const notify = useNotice();
  const { queryKey } = enforcementQuery(org);
  const send = (enforce: boolean) => client.setSignInEnforcement({ params: { org }, body: { enforce } });
  const refresh = () => queries.invalidateQueries({ queryKey });

  async function undo(before: boolean): Promise<void> {
    try {
      await send(before);
      notify({ text: before ? 'Sign-in is enforced again.' : 'Sign-in is not enforced again.' });
    } catch (error) {
      notify({ text: messageOf(error), severity: 'error' });
    }
    await refresh();
  }

  return useMutation({
    mutationFn: send,
    async onMutate(enforce) {
      await queries.cancelQueries({ queryKey });
      queries.setQueryData(queryKey, { enforce });
    },
    onSuccess(_saved, enforce) {
      const text = enforce ? 'Sign-in is enforced from the next pull on.' : `${org} no longer enforces sign-in.`;
      notify({ text, undo: () => void undo(!enforce) });
    },
    onError(error, enforce) {
      queries.setQueryData(queryKey, { enforce: !enforce });
      notify({ text: messageOf(error), severity: 'error' });
    },
    onSettled: refresh,
  });
}
