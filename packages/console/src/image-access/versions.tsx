import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ImageAccessBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorMessage } from '../components/error-message.tsx';
import { Pages } from '../components/pages.tsx';
import { Time } from '../components/time.tsx';
import { describeChange } from './describe-change.ts';
import { versionsOfPage, versionsQuery } from './image-access-queries.ts';
import { RestoreVersion } from './restore-version.tsx';

interface VersionsProps {
  readonly org: string;
  readonly current: ImageAccessBody;
  readonly isOwner: boolean;
}

/** Earlier versions with what each changed. Restoring one makes a new version. */
export function Versions({ org, current, isOwner }: VersionsProps) {
  const [page, setPage] = useState(1);
  const { data, error } = useQuery(versionsQuery(org, page));
  const [restoring, setRestoring] = useState<number>();
  if (error) return <ErrorMessage error={error} />;
  return (
    <Stack spacing={2}>
      {data?.results.map(({ version, changed_at, changed_by, changes }) => (
        <Box key={version} sx={{ display: 'flex', gap: 2, justifyContent: 'space-between', alignItems: 'flex-start' }}>
          <Box sx={{ minWidth: 0 }}>
            <Typography sx={{ fontWeight: 600 }}>
              Version {version} · <Time value={changed_at} /> · {changed_by}
            </Typography>
            {changes.length === 0 && <Typography color="textSecondary">The beginning.</Typography>}
            {changes.map((change) => (
              <Typography key={change.setting} color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
                {describeChange(change)}
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
      {data && data.count > versionsOfPage && (
        <Pages label="Versions" page={page} pageSize={versionsOfPage} count={data.count} onPage={setPage} />
      )}
      {restoring !== undefined && (
        <RestoreVersion org={org} current={current} version={restoring} onClose={() => setRestoring(undefined)} />
      )}
    </Stack>
  );
}
