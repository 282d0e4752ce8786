import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemText from '@mui/material/ListItemText';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useAddressSearch } from '../components/address-search.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { Field, Form } from '../components/form.tsx';
import { useNotice } from '../components/notice.tsx';
import { SearchedList } from '../components/searched-list.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { addPasskey, canUsePasskeys } from '../sign-in/passkeys.ts';
import { postSignIn } from '../sign-in/sign-in-routes.ts';
import { type Passkey, passkeysQuery } from './account-queries.ts';

export function Passkeys() {
  const { data: passkeys, error } = useQuery(passkeysQuery);
  const search = useAddressSearch('passkeys');
  const [removing, setRemoving] = useState<Passkey>();
  return (
    <Section
      title="Passkeys"
      lead="A passkey signs you in with the finger, face or PIN of a device. It stands for password and second factor together."
    >
      {error && <ErrorMessage error={error} />}
      {passkeys?.length === 0 && <Typography sx={{ mb: 2 }}>You have no passkey yet.</Typography>}
      {passkeys && passkeys.length > 0 && (
        <Box sx={{ mb: 2 }}>
          <SearchedList items={passkeys} one="passkey" label="Search passkeys" textOf={nameOf} {...search}>
            {(found) => (
              <List disablePadding>
                {found.map((passkey) => (
                  <ListItem
                    key={passkey.id}
                    disableGutters
                    divider
                    secondaryAction={
                      <Button
                        color="error"
                        onClick={() => setRemoving(passkey)}
                        aria-label={`Remove ${nameOf(passkey)}`}
                      >
                        Remove
                      </Button>
                    }
                  >
                    <ListItemText
                      primary={nameOf(passkey)}
                      secondary={
                        <>
                          Added <Time value={passkey.createdAt} />
                        </>
                      }
                      sx={{ pr: 8, overflowWrap: 'anywhere' }}
                    />
                  </ListItem>
                ))}
              </List>
            )}
          </SearchedList>
        </Box>
      )}
      <AddPasskey />
      {removing && <RemovePasskey passkey={removing} onClose={() => setRemoving(undefined)} />}
    </Section>
  );
}

function nameOf({ name }: Passkey): string {
  return name === null || name === '' ? 'Passkey' : name;
}

function AddPasskey() {
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const notify = useNotice();
  const add = useMutation({
    mutationFn: () => addPasskey(name.trim()),
    onSuccess() {
      setName('');
      notify({ text: 'The passkey is added. It signs you in from now on.' });
      return queries.invalidateQueries({ queryKey: passkeysQuery.queryKey });
    },
  });
  if (!canUsePasskeys()) {
    return (
      <Typography color="textSecondary">
        This browser makes no passkeys here. It may be too old, or the gate is not served with TLS.
      </Typography>
    );
  }
  return (
    <Box sx={{ maxWidth: 480 }}>
      <Form mutation={add} action="Add a passkey" isQuiet>
        <Field
          label="Name of the passkey"
          helperText="To tell it from others: Laptop, Phone, Key on the key ring."
          value={name}
          onChange={setName}
          required
          slotProps={{ htmlInput: { maxLength: 100 } }}
        />
      </Form>
    </Box>
  );
}

function RemovePasskey({ passkey, onClose }: { readonly passkey: Passkey; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const notify = useNotice();
  const remove = useMutation({
    mutationFn: () => postSignIn('/passkey/delete-passkey', { id: passkey.id }),
    onSuccess() {
      notify({ text: `${nameOf(passkey)} is removed.` });
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: passkeysQuery.queryKey }),
  });
  return (
    <ConfirmDialog
      title={`Remove ${nameOf(passkey)}?`}
      name={nameOf(passkey)}
      action="Remove"
      isRunning={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <Stack spacing={1}>
        <span>It does not sign you in any more. Remove it from the device as well: there it stays.</span>
      </Stack>
    </ConfirmDialog>
  );
}
