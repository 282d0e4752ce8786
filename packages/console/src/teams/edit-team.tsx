import type { TeamBody } from '@pullgate/contract';
import { roles } from '@pullgate/policy';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useNotice } from '../components/notice.tsx';
import { TeamDialog } from './team-dialog.tsx';
import { ownersTeam, type TeamValues, useUpdateTeam } from './team-queries.ts';

interface EditTeamProps {
  readonly org: string;
  readonly team: TeamBody;
  readonly onClose: () => void;
}

/** A team that is renamed has another address from then on. */
export function EditTeam({ org, team, onClose }: EditTeamProps) {
  const role = roles.find((one) => one === team.role) ?? 'member';
  const [values, setValues] = useState<TeamValues>({ name: team.name, description: team.description, role });
  const navigate = useNavigate();
  const notify = useNotice();
  const isOwnersTeam = team.name.toLowerCase() === ownersTeam;
  const { description, ...others } = { ...values, name: values.name.trim() };
  const change = isOwnersTeam ? { description } : { description, ...others };
  const update = useUpdateTeam(org, team, change, (updated) => {
    notify({ text: `The team ${updated.name} is saved.` });
    onClose();
    if (updated.name !== team.name) {
      const params = { org, team: updated.name };
      void navigate({ to: '/console/o/$org/teams/$team', params, replace: true });
    }
  });
  return (
    <TeamDialog
      title={`Edit ${team.name}`}
      action="Save"
      values={values}
      onChange={setValues}
      isOwnersTeam={isOwnersTeam}
      mutation={update}
      onClose={onClose}
    />
  );
}
