import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { DomainBody } from '@pullgate/contract';
import { useState } from 'react';
import { client } from '../app/client.ts';
import { CodeLine } from '../components/code-line.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { Time } from '../components/time.tsx';
import { useStep } from './single-sign-on-queries.ts';

interface DomainEntryProps {
  readonly org: string;
  readonly domain: DomainBody;
  /** Name of the connection with which its people sign in. */
  readonly usedBy: string | undefined;
}

export function DomainEntry({ org, domain, usedBy }: DomainEntryProps) {
  const [isRemoving, setIsRemoving] = useState(false);
  const { domain: name, verified, verified_at } = domain;
  return (
    <Paper sx={{ p: 2 }}>
      <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        <Typography variant="h3" sx={{ overflowWrap: 'anywhere' }}>
          {name}
        </Typography>
        <Chip
          size="small"
          variant="outlined"
          color={verified ? 'success' : 'warning'}
          label={verified ? 'Verified' : 'Not verified'}
        />
        <Box sx={{ flex: 1 }} />
        <Button
          size="small"
          color="error"
          disabled={usedBy !== undefined}
          onClick={() => setIsRemoving(true)}
          aria-label={`Remove ${name}`}
        >
          Remove
        </Button>
      </Stack>
      <Typography color="textSecondary">
        {verified_at && (
          <>
            Verified <Time value={verified_at} />.{' '}
          </>
        )}
        {usedBy !== undefined && `Its people sign in with ${usedBy}; take it out there before you remove it.`}
      </Typography>
      {!verified && <Verification org={org} domain={domain} />}
      {isRemoving && <RemoveDomain org={org} domain={domain} onClose={() => setIsRemoving(false)} />}
    </Paper>
  );
}

/** The DNS record that proves whose domain it is, and the look for it. */
function Verification({ org, domain: { domain, record } }: { readonly org: string; readonly domain: DomainBody }) {
  const verify = useStep(org, {
    send: () => client.verifyDomain({ params: { org, domain } }),
    told: () => `${domain} is verified.`,
  });
  return (
    <Stack spacing={1} sx={{ mt: 1 }}>
      <Typography>
        Publish this record in the domain’s DNS, then let the gate look for it. New records take a while.
      </Typography>
      <Labelled label={`Name (record type ${record.type})`}>
        <CodeLine text={record.name} what={`the name of the record of ${domain}`} />
      </Labelled>
      <Labelled label="Value">
        <CodeLine text={record.value} what={`the value of the record of ${domain}`} />
      </Labelled>
      {verify.error && <ErrorMessage error={verify.error} />}
      <Box>
        <Button
          variant="outlined"
          loading={verify.isPending}
          onClick={() => verify.mutate(undefined)}
          aria-label={`Verify ${domain}`}
        >
          Verify
        </Button>
      </Box>
    </Stack>
  );
}

function Labelled({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <Box>
      <Typography variant="body2" color="textSecondary">
        {label}
      </Typography>
      {children}
    </Box>
  );
}

interface RemoveDomainProps {
  readonly org: string;
  readonly domain: DomainBody;
  readonly onClose: () => void;
}

function RemoveDomain({ org, domain: { domain, verified }, onClose }: RemoveDomainProps) {
  const remove = useStep(org, {
    send: () => client.removeDomain({ params: { org, domain } }),
    told: () => `${domain} was removed.`,
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={`Remove ${domain}?`}
      {...(verified && { name: domain })}
      action="Remove"
      isRunning={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      {verified
        ? 'The organization no longer answers for addresses of this domain. To have it back, it has to be proved anew with another DNS record.'
        : 'Its DNS record proves nothing any more. Adding the domain again gives it another one.'}
    </ConfirmDialog>
  );
}
