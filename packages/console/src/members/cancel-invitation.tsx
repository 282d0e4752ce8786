import type { InviteBody } from '@pullgate/contract';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useCancelInvite } from './invitation-queries.ts';

interface CancelInvitationProps {
  readonly org: string;
  readonly invite: InviteBody;
  readonly onClose: () => void;
}

export function CancelInvitation({ org, invite, onClose }: CancelInvitationProps) {
  const cancellation = useCancelInvite(org, invite, onClose);
  return (
    <ConfirmDialog
      title={`Cancel the invitation of ${invite.invitee}?`}
      action="Cancel the invitation"
      isRunning={cancellation.isPending}
      error={cancellation.error}
      onConfirm={() => cancellation.mutate()}
      onClose={onClose}
    >
      The link stops working. {invite.invitee} can be invited again.
    </ConfirmDialog>
  );
}
