import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { NamespaceBody } from '@pullgate/contract';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAddressSearch } from '../components/address-search.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { SearchedList } from '../components/searched-list.tsx';
import { Time } from '../components/time.tsx';
import { nameOf, namespacesQuery, useRelease } from './namespace-queries.ts';

interface NamespaceListProps {
  readonly org: string;
  readonly isOwner: boolean;
}

export function NamespaceList({ org, isOwner }: NamespaceListProps) {
  const { data: namespaces } = useSuspenseQuery(namespacesQuery(org));
  const search = useAddressSearch('search');
  const [releasing, setReleasing] = useState<NamespaceBody>();
  if (namespaces.length === 0) return <NothingClaimed isOwner={isOwner} />;
  return (
    <>
      <SearchedList items={namespaces} one="namespace" label="Search namespaces" textOf={nameOf} {...search}>
        {(found) => (
          <TableContainer tabIndex={0} role="region" aria-label="Namespaces">
            <Table size="small">
              <TableHead>
                <TableRow>
                  <TableCell>Namespace</TableCell>
                  <TableCell sx={wide}>Claimed</TableCell>
                  <TableCell sx={wide}>By</TableCell>
                  {isOwner && <TableCell align="right">Release</TableCell>}
                </TableRow>
              </TableHead>
              <TableBody>
                {found.map((one) => (
                  <TableRow key={nameOf(one)}>
                    <TableCell sx={{ overflowWrap: 'anywhere', fontWeight: 600 }}>
                      {nameOf(one)}
                      <Box sx={{ display: { sm: 'none' }, fontWeight: 400 }}>
                        <Time value={one.claimed_at} />, by {one.claimed_by}
                      </Box>
                    </TableCell>
                    <TableCell sx={wide}>
                      <Time value={one.claimed_at} />
                    </TableCell>
                    <TableCell sx={wide}>{one.claimed_by}</TableCell>
                    {isOwner && (
                      <TableCell align="right">
                        <Button
                          size="small"
                          color="error"
                          aria-label={`Release ${nameOf(one)}`}
                          onClick={() => setReleasing(one)}
                        >
                          Release
                        </Button>
                      </TableCell>
                    )}
                  </TableRow>
                ))}
              </TableBody>
            </Table>
          </TableContainer>
        )}
      </SearchedList>
      {releasing && <Release org={org} namespace={releasing} onClose={() => setReleasing(undefined)} />}
    </>
  );
}

/** On a phone, what these columns say stands under the name. */
const wide = { display: { xs: 'none', sm: 'table-cell' } };

function NothingClaimed({ isOwner }: { readonly isOwner: boolean }) {
  return (
    <EmptyState title="No namespace is claimed yet">
      {isOwner
        ? 'Claim the namespace of your organization below, so that members may always pull your own images.'
        : 'Owners of the organization claim its namespaces, so that members may always pull its own images.'}
    </EmptyState>
  );
}

interface ReleaseProps {
  readonly org: string;
  readonly namespace: NamespaceBody;
  readonly onClose: () => void;
}

function Release({ org, namespace, onClose }: ReleaseProps) {
  const release = useRelease(org, onClose);
  const name = nameOf(namespace);
  return (
    <ConfirmDialog
      title={`Release ${name}?`}
      name={name}
      action="Release"
      isRunning={release.isPending}
      error={release.error}
      onConfirm={() => release.mutate(namespace)}
      onClose={onClose}
    >
      From the next request on, its images are judged like anybody else’s, and the organization’s own account at the
      registry no longer opens what is private there. Another organization of this gate may claim it.
    </ConfirmDialog>
  );
}
