import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { SsoConnectionBody } from '@pullgate/contract';
import { useId, useState } from 'react';
import { client } from '../app/client.ts';
import { CodeLine } from '../components/code-line.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { Time } from '../components/time.tsx';
import { useStep } from './single-sign-on-queries.ts';

interface ScimProps {
  readonly org: string;
  readonly connection: SsoConnectionBody;
}

/** The token with which the identity provider makes, changes and switches off people here. */
export function Scim({ org, connection }: ScimProps) {
  const { id, name, scim } = connection;
  const [asked, setAsked] = useState<'renew' | 'remove'>();
  const [token, setToken] = useState<string>();
  const make = useStep(org, {
    send: () => client.createScimToken({ params: { org, id } }),
    told: () => `The SCIM token of ${name} is made.`,
    onDone(made) {
      setToken(made.token);
      setAsked(undefined);
    },
  });
  const remove = useStep(org, {
    send: () => client.deleteScimToken({ params: { org, id } }),
    told: () => `The SCIM token of ${name} was removed.`,
    onDone: () => setAsked(undefined),
  });
  return (
    <Stack spacing={1} sx={{ mt: 2 }}>
      <Typography variant="h3" component="h4">
        Provisioning by SCIM
      </Typography>
      <ScimState scim={scim} />
      {make.error && asked === undefined && <ErrorMessage error={make.error} />}
      <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
        {!scim.enabled && (
          <Button size="small" variant="outlined" loading={make.isPending} onClick={() => make.mutate(undefined)}>
            Make a SCIM token
          </Button>
        )}
        {scim.enabled && (
          <>
            <Button size="small" variant="outlined" onClick={() => setAsked('renew')}>
              Renew the SCIM token
            </Button>
            <Button size="small" color="error" onClick={() => setAsked('remove')}>
              Remove the SCIM token
            </Button>
          </>
        )}
      </Stack>
      {asked === 'renew' && (
        <ConfirmDialog
          title={`Renew the SCIM token of ${name}?`}
          action="Renew"
          isRunning={make.isPending}
          error={make.error}
          onConfirm={() => make.mutate(undefined)}
          onClose={() => setAsked(undefined)}
        >
          The present token stops working at once. Provisioning waits until the new one is entered at the identity
          provider.
        </ConfirmDialog>
      )}
      {asked === 'remove' && (
        <ConfirmDialog
          title={`Remove the SCIM token of ${name}?`}
          name={name}
          action="Remove"
          isRunning={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(undefined)}
          onClose={() => setAsked(undefined)}
        >
          Provisioning ends: whoever leaves at the identity provider stays a member here until somebody removes them.
        </ConfirmDialog>
      )}
      {token !== undefined && (
        <NewToken token={token} baseUrl={scim.base_url} name={name} onClose={() => setToken(undefined)} />
      )}
    </Stack>
  );
}

function ScimState({ scim: { enabled, created_at, last_used_at } }: { readonly scim: SsoConnectionBody['scim'] }) {
  if (!enabled || created_at === null) {
    return (
      <Typography color="textSecondary">
        Off. With a token, the identity provider makes members here, keeps their teams, and switches off who leaves.
      </Typography>
    );
  }
  return (
    <Typography color="textSecondary">
      On. The token was made <Time value={created_at} />
      {last_used_at === null ? ' and has not been used yet.' : <Used at={last_used_at} />}
    </Typography>
  );
}

function Used({ at }: { readonly at: string }) {
  return (
    <>
      {' '}
      and was last used <Time value={at} />.
    </>
  );
}

interface NewTokenProps {
  readonly token: string;
  readonly baseUrl: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** The one time that the token is shown. A click beside it does not close it. */
function NewToken({ token, baseUrl, name, onClose }: NewTokenProps) {
  const titleId = useId();
  return (
    <Dialog
      open
      onClose={(_event, reason) => reason === 'escapeKeyDown' && onClose()}
      aria-labelledby={titleId}
      fullWidth
      maxWidth="sm"
    >
      <DialogTitle id={titleId}>SCIM token of {name}</DialogTitle>
      <DialogContent>
        <Stack spacing={2}>
          <Typography>Copy it to the identity provider now: it is not shown again.</Typography>
          <CodeLine text={token} what="the SCIM token" />
          <Typography>Together with this base URL:</Typography>
          <CodeLine text={baseUrl} what="the SCIM base URL" />
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  );
}
