import type { InviteBody } from '@pullgate/contract';
import { isNotFound } from '../app/client.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useCancelInvite } from './invitation-queries.ts';

const gone = 'This invitation is not there any more: it was accepted, or somebody else cancelled it.';

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
      error={isNotFound(cancellation.error) ? new Error(gone) : cancellation.error}
      onConfirm={() => cancellation.mutate()}
      onClose={onClose}
    >
      The link stops working. {invite.invitee} can be invited again.
    </ConfirmDialog>
  );
}
