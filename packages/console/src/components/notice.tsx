import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Snackbar from '@mui/material/Snackbar';
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react';

interface Notice {
  readonly text: string;
  readonly severity?: 'success' | 'error';
  readonly undo?: () => void;
}

const NoticeContext = createContext<(notice: Notice) => void>(() => undefined);

/** Tells what was done, for some seconds, and offers to undo it where that can be. */
export function useNotice(): (notice: Notice) => void {
  return use(NoticeContext);
}

const shownMilliseconds = 8000;

export function NoticeProvider({ children }: { readonly children: ReactNode }) {
  const [notice, setNotice] = useState<Notice>();
  const [isOpen, setIsOpen] = useState(false);
  const show = useCallback((next: Notice) => {
    setNotice(next);
    setIsOpen(true);
  }, []);
  const close = useCallback(() => setIsOpen(false), []);
  const action = useMemo(() => {
    const undo = notice?.undo;
    if (undo === undefined) return undefined;
    const run = () => {
      close();
      undo();
    };
    return (
      <Button color="inherit" size="small" onClick={run}>
        Undo
      </Button>
    );
  }, [notice, close]);
  return (
    <NoticeContext value={show}>
      {children}
      <Snackbar open={isOpen} autoHideDuration={shownMilliseconds} onClose={close}>
        <Alert
          severity={notice?.severity ?? 'success'}
          action={action}
          {...(action === undefined && { onClose: close })}
        >
          {notice?.text}
        </Alert>
      </Snackbar>
    </NoticeContext>
  );
}
