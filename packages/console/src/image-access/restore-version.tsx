import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import type { ImageAccessBody } from '@pullgate/contract';
import { useQueries } from '@tanstack/react-query';
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
        <Meaning org={org} current={current.version} version={version} />
      </Stack>
    </ConfirmDialog>
  );
}

interface MeaningProps {
  readonly org: string;
  /** The version in force. */
  readonly current: number;
  readonly version: number;
}

function Meaning({ org, current, version }: MeaningProps) {
  const [then, now] = useQueries({ queries: [versionQuery(org, version), versionQuery(org, current)] });
  const error = then.error ?? now.error;
  if (error) return <ErrorMessage error={error} />;
  if (!then.data || !now.data) return <LinearProgress aria-label="Loading the version" />;
  const changesRegistries = JSON.stringify(then.data.registry_access) !== JSON.stringify(now.data.registry_access);
  return (
    <>
      {changesRegistries && (
        <Alert severity="warning">
          It changes registry access, too. What is counted here is by the registry access of now.
        </Alert>
      )}
      <Preview org={org} policy={policyOf(then.data)} />
    </>
  );
}
