import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ImageAccessBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAddressSearch } from '../components/address-search.ts';
import { counted } from '../components/counted.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { Pages } from '../components/pages.tsx';
import { ListSearch } from '../components/searched-list.tsx';
import { Time } from '../components/time.tsx';
import { useSearchedPage } from '../components/use-searched-page.ts';
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
  const { search, onSearch } = useAddressSearch('versions');
  const [page, turnTo] = useSearchedPage(search);
  const { data, error, isPlaceholderData, refetch } = useQuery(versionsQuery(org, search.trim(), page));
  const [restoring, setRestoring] = useState<number>();
  return (
    <Stack spacing={2}>
      <ListSearch label="Search versions" count={current.version} search={search} onSearch={onSearch}>
        {data && search.trim() !== '' && !isPlaceholderData && `${data.count.toLocaleString()} of `}
        {counted(current.version, 'version')}
      </ListSearch>
      {error && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      {data?.count === 0 && !isPlaceholderData && (
        <EmptyState title="No version is found">
          Search for who changed it, a repository, a registry, a setting or the number of a version.
        </EmptyState>
      )}
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
        <Pages label="Versions" page={page} pageSize={versionsOfPage} count={data.count} onPage={turnTo} />
      )}
      {restoring !== undefined && (
        <RestoreVersion org={org} current={current} version={restoring} onClose={() => setRestoring(undefined)} />
      )}
    </Stack>
  );
}
