import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { organizationsQuery } from '../app/queries.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useRemoveMember } from './member-queries.ts';

interface RemoveMemberProps {
  readonly org: string;
  readonly username: string;
  /** Whoever leaves sees the organization no longer. */
  readonly isSelf: boolean;
  readonly onClose: () => void;
}

export function RemoveMember({ org, username, isSelf, onClose }: RemoveMemberProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  async function leave(): Promise<void> {
    await queries.refetchQueries(organizationsQuery);
    await navigate({ to: '/console' });
  }
  const removal = useRemoveMember(org, username, () => {
    onClose();
    if (isSelf) void leave();
  });
  return (
    <ConfirmDialog
      title={isSelf ? `Leave ${org}?` : `Remove ${username} from ${org}?`}
      name={username}
      action={isSelf ? 'Leave' : 'Remove'}
      isRunning={removal.isPending}
      error={removal.error}
      onConfirm={() => removal.mutate()}
      onClose={onClose}
    >
      {isSelf ? 'You leave' : `${username} leaves`} the organization and all its teams, and from the next pull on its
      images are out of reach. To come back takes a new invitation.
    </ConfirmDialog>
  );
}
