import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorMessage } from '../components/error-message.tsx';
import { useNotice } from '../components/notice.tsx';
import { Section } from '../components/section.tsx';
import { postSignIn } from '../sign-in/sign-in-routes.ts';
import { secondFactorQuery, waysQuery } from './account-queries.ts';
import { AppDialog } from './app-dialog.tsx';
import { BackupCodes } from './backup-codes.tsx';
import { PasswordDialog } from './password-dialog.tsx';

interface BackupCodesAnswer {
  readonly backupCodes: readonly string[];
}

/** What is being done, one after the other. */
type Step =
  | { readonly kind: 'ask-enable' | 'ask-disable' | 'ask-codes' }
  | { readonly kind: 'app'; readonly uri: string; readonly backupCodes: readonly string[] }
  | { readonly kind: 'codes'; readonly backupCodes: readonly string[] };

export function SecondFactor() {
  const { data: isOn, error } = useQuery(secondFactorQuery);
  const { data: ways } = useQuery(waysQuery);
  const [step, setStep] = useState<Step>();
  return (
    <Section
      title="Second factor"
      lead="After your password, sign-in asks for a code that an authenticator app on your phone shows."
    >
      {error && <ErrorMessage error={error} />}
      {isOn !== undefined && (
        <Stack spacing={2} sx={{ alignItems: 'flex-start' }}>
          <Chip label={isOn ? 'On' : 'Off'} color={isOn ? 'success' : 'default'} variant="outlined" />
          {isOn && <WhileOn onStep={setStep} />}
          {!isOn && ways?.hasPassword && (
            <Button variant="outlined" onClick={() => setStep({ kind: 'ask-enable' })}>
              Set up an authenticator app
            </Button>
          )}
          {!isOn && ways?.hasPassword === false && (
            <Typography color="textSecondary">
              It goes with a password, which you do not have here. Your identity provider may ask for one of its own.
            </Typography>
          )}
        </Stack>
      )}
      {step && <Dialogs step={step} onStep={setStep} />}
    </Section>
  );
}

function WhileOn({ onStep }: { readonly onStep: (step: Step) => void }) {
  return (
    <>
      <Typography color="textSecondary">
        <code>docker login</code> takes an access token from you, never your password.
      </Typography>
      <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
        <Button variant="outlined" onClick={() => onStep({ kind: 'ask-codes' })}>
          New backup codes
        </Button>
        <Button variant="outlined" color="error" onClick={() => onStep({ kind: 'ask-disable' })}>
          Switch off
        </Button>
      </Stack>
    </>
  );
}

function Dialogs({ step, onStep }: { readonly step: Step; readonly onStep: (step?: Step) => void }) {
  const queries = useQueryClient();
  const notify = useNotice();
  const close = () => onStep(undefined);
  // Whether it is on, and the session, which the gate made anew.
  const refresh = () => queries.invalidateQueries({ queryKey: ['account'] });
  switch (step.kind) {
    case 'ask-enable':
      return (
        <PasswordDialog
          title="Set up an authenticator app"
          action="Continue"
          send={(password) => postSignIn<BackupCodesAnswer & { totpURI: string }>('/two-factor/enable', { password })}
          onDone={({ totpURI: uri, backupCodes }) => onStep({ kind: 'app', uri, backupCodes })}
          onClose={close}
        >
          Enter your password first.
        </PasswordDialog>
      );
    case 'app':
      return (
        <AppDialog
          uri={step.uri}
          onDone={() => {
            onStep({ kind: 'codes', backupCodes: step.backupCodes });
            void refresh();
          }}
          onClose={close}
        />
      );
    case 'codes':
      return <BackupCodes codes={step.backupCodes} onClose={close} />;
    case 'ask-codes':
      return (
        <PasswordDialog
          title="New backup codes"
          action="Make new ones"
          send={(password) => postSignIn<BackupCodesAnswer>('/two-factor/generate-backup-codes', { password })}
          onDone={({ backupCodes }) => onStep({ kind: 'codes', backupCodes })}
          onClose={close}
        >
          The ones that you have stop working.
        </PasswordDialog>
      );
    case 'ask-disable':
      return (
        <PasswordDialog
          title="Switch the second factor off?"
          action="Switch off"
          send={(password) => postSignIn('/two-factor/disable', { password })}
          onDone={() => {
            close();
            notify({ text: 'The second factor is off. Your password alone signs you in.' });
            void refresh();
          }}
          onClose={close}
        >
          Whoever learns your password can then sign in as you.
        </PasswordDialog>
      );
  }
}
