import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ImageAccessBody, ImageAccessChangeBody } from '@pullgate/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { useNotice } from '../components/notice.tsx';
import { Time } from '../components/time.tsx';
import { versionsQuery } from './image-access-queries.ts';

interface VersionsProps {
  readonly org: string;
  readonly current: ImageAccessBody;
  readonly isOwner: boolean;
}

/** Earlier versions with what each changed. Restoring one makes a new version. */
export function Versions({ org, current, isOwner }: VersionsProps) {
  const { data, error } = useQuery(versionsQuery(org));
  const [restoring, setRestoring] = useState<number>();
  if (error) return <ErrorMessage error={error} />;
  return (
    <Stack spacing={2}>
      {data?.results.map(({ version, changed_at, changed_by, changes }) => (
        <Box key={version} sx={{ display: 'flex', gap: 2, justifyContent: 'space-between' }}>
          <Box sx={{ minWidth: 0 }}>
            <Typography sx={{ fontWeight: 600 }}>
              Version {version} · <Time value={changed_at} /> · {changed_by}
            </Typography>
            {changes.length === 0 && <Typography color="textSecondary">The beginning.</Typography>}
            {changes.map((change) => (
              <Typography key={change.setting} color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
                {describe(change)}
              </Typography>
            ))}
          </Box>
          {isOwner && version !== current.version && (
            <Button size="small" onClick={() => setRestoring(version)} aria-label={`Restore version ${version}`}>
              Restore
            </Button>
          )}
        </Box>
      ))}
      {restoring !== undefined && (
        <Restore org={org} current={current} version={restoring} onClose={() => setRestoring(undefined)} />
      )}
    </Stack>
  );
}

interface RestoreProps {
  readonly org: string;
  readonly current: ImageAccessBody;
  readonly version: number;
  readonly onClose: () => void;
}

function Restore({ org, current, version, onClose }: RestoreProps) {
  const queries = useQueryClient();
  const notify = useNotice();
  const restore = useMutation({
    mutationFn: () => client.restoreImageAccessVersion({ params: { org, version }, ifMatch: current.version }),
    onSuccess() {
      notify({ text: `The policy of version ${version} is in force again.` });
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['image-access', org] }),
  });
  return (
    <ConfirmDialog
      title={`Restore version ${version}?`}
      action="Restore"
      isRunning={restore.isPending}
      error={restore.error}
      onConfirm={() => restore.mutate()}
      onClose={onClose}
    >
      Its settings, those of registry access included, count from the next request of every client. The present ones
      stay in the list as version {current.version}.
    </ConfirmDialog>
  );
}

function describe({ setting, before, after }: ImageAccessChangeBody): string {
  const name = setting.replaceAll('_', ' ').replace('.', ': ');
  if (!Array.isArray(before) || !Array.isArray(after)) return `${name}: ${onOff(before)} → ${onOff(after)}`;
  const added = after.map((one) => `+${one}`);
  const removed = before.map((one) => `−${one}`);
  return `${name}: ${[...added, ...removed].join(', ')}`;
}

function onOff(value: boolean | readonly string[]): string {
  return value === true ? 'on' : 'off';
}
