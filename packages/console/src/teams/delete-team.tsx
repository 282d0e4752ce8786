import { useNavigate } from '@tanstack/react-router';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useNotice } from '../components/notice.tsx';
import { useDeleteTeam } from './team-queries.ts';

interface DeleteTeamProps {
  readonly org: string;
  readonly team: string;
  readonly onClose: () => void;
}

export function DeleteTeam({ org, team, onClose }: DeleteTeamProps) {
  const navigate = useNavigate();
  const notify = useNotice();
  const deletion = useDeleteTeam(org, team, async () => {
    notify({ text: `The team ${team} is deleted.` });
    await navigate({ to: '/console/o/$org/teams', params: { org } });
  });
  return (
    <ConfirmDialog
      title={`Delete the team ${team}?`}
      name={team}
      action="Delete"
      isRunning={deletion.isPending}
      error={deletion.error}
      onConfirm={() => deletion.mutate()}
      onClose={onClose}
    >
      Its members stay in {org}, without the role that the team gave them. Invitations into it become invitations into
      no team. It cannot be had back.
    </ConfirmDialog>
  );
}
