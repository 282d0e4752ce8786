import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useNotice } from '../components/notice.tsx';
import type { TokenRow } from './token-row.ts';

interface RemoveTokenProps {
  readonly token: TokenRow;
  readonly action: 'Delete' | 'Revoke';
  readonly send: (id: string) => Promise<unknown>;
  /** Of the pages that list it. */
  readonly queryKey: QueryKey;
  readonly onClose: () => void;
}

/** Asks before a token stops working for good. */
export function RemoveToken({ token, action, send, queryKey, onClose }: RemoveTokenProps) {
  const queries = useQueryClient();
  const notify = useNotice();
  const remove = useMutation({
    mutationFn: () => send(token.id),
    onSuccess() {
      notify({ text: `${token.label} is ${action === 'Delete' ? 'deleted' : 'revoked'}. It stopped working.` });
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const whose = token.username === undefined ? '' : ` of ${token.username}`;
  return (
    <ConfirmDialog
      title={`${action} ${token.label}${whose}?`}
      name={token.label}
      action={action}
      isRunning={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      Whatever signs in with it fails from its next request on. This cannot be undone.
    </ConfirmDialog>
  );
}
