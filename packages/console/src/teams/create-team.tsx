import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useNotice } from '../components/notice.tsx';
import { TeamDialog } from './team-dialog.tsx';
import { type TeamValues, useCreateTeam } from './team-queries.ts';

/** Leads to the new team, whose members are to be added next. */
export function CreateTeam({ org, onClose }: { readonly org: string; readonly onClose: () => void }) {
  const [values, setValues] = useState<TeamValues>({ name: '', description: '', role: 'member' });
  const navigate = useNavigate();
  const notify = useNotice();
  const creation = useCreateTeam(org, { ...values, name: values.name.trim() }, ({ name: team }) => {
    notify({ text: `The team ${team} is there. Add its members.` });
    void navigate({ to: '/console/o/$org/teams/$team', params: { org, team } });
  });
  return (
    <TeamDialog
      title={`Create a team of ${org}`}
      action="Create"
      values={values}
      onChange={setValues}
      mutation={creation}
      onClose={onClose}
    />
  );
}
