import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import type { ImageAccessBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { policyOf, useRestoreVersion, versionQuery } from './image-access-queries.ts';
import { Preview } from './preview.tsx';

interface RestoreVersionProps {
  readonly org: string;
  readonly current: ImageAccessBody;
  readonly version: number;
  readonly onClose: () => void;
}

/** What an earlier version would have meant for recorded pulls, before it counts again. */
export function RestoreVersion({ org, current, version, onClose }: RestoreVersionProps) {
  const restore = useRestoreVersion(org, current, version);
  return (
    <ConfirmDialog
      title={`Restore version ${version}?`}
      action="Restore"
      isRunning={restore.isPending}
      error={restore.error}
      onConfirm={() => restore.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Stack spacing={2}>
        <Box>
          Its settings, those of registry access included, count from the next request of every client. The present ones
          stay in the list as version {current.version}.
        </Box>
        <Meaning org={org} version={version} />
      </Stack>
    </ConfirmDialog>
  );
}

function Meaning({ org, version }: { readonly org: string; readonly version: number }) {
  const { data, error, refetch } = useQuery(versionQuery(org, version));
  if (error) return <ErrorMessage error={error} onRetry={() => void refetch()} />;
  if (!data) return <LinearProgress aria-label="Loading the version" />;
  return <Preview org={org} policy={{ ...policyOf(data), registry_access: data.registry_access }} />;
}
