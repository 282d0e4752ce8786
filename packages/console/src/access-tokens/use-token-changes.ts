import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { messageOf } from '../app/client.ts';
import { useNotice } from '../components/notice.tsx';
import type { TokenPage, TokenRow } from './token-row.ts';

interface Switching {
  readonly token: TokenRow;
  readonly isActive: boolean;
}

/**
 * Switches tokens off and on: at once in the list, put back when the gate refuses, and undone with one click.
 *
 * @param queryKey of the pages that list them
 */
export function useSwitchToken(
  queryKey: QueryKey,
  send: (id: string, isActive: boolean) => Promise<unknown>,
): (token: TokenRow, isActive: boolean) => void {
  const queries = useQueryClient();
  const notify = useNotice();
  const change = useMutation({
    mutationFn: ({ token, isActive }: Switching) => send(token.id, isActive),
    async onMutate({ token, isActive }) {
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueriesData<TokenPage>({ queryKey });
      queries.setQueriesData<TokenPage>(
        { queryKey },
        (page) => page && { ...page, rows: page.rows.map((row) => (row.id === token.id ? { ...row, isActive } : row)) },
      );
      return before;
    },
    onSuccess(_, { token, isActive }) {
      const text = isActive ? `${token.label} works again.` : `${token.label} is off. It stopped working.`;
      notify({ text, undo: () => change.mutate({ token, isActive: !isActive }) });
    },
    onError(error, _, before = []) {
      for (const [key, page] of before) queries.setQueryData(key, page);
      notify({ text: messageOf(error), severity: 'error' });
    },
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  return (token, isActive) => change.mutate({ token, isActive });
}
