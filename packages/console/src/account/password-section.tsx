import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorMessage } from '../components/error-message.tsx';
import { Field, Form } from '../components/form.tsx';
import { useNotice } from '../components/notice.tsx';
import { Section } from '../components/section.tsx';
import { postSignIn } from '../sign-in/sign-in-routes.ts';
import { waysQuery } from './account-queries.ts';

export function PasswordSection() {
  const { data: ways, error } = useQuery(waysQuery);
  return (
    <Section title="Password">
      {error && <ErrorMessage error={error} />}
      {ways?.hasPassword === false && (
        <Typography color="textSecondary">
          You have no password here: you sign in with single sign-on or with a passkey.
        </Typography>
      )}
      {ways?.hasPassword && <ChangePassword />}
    </Section>
  );
}

function ChangePassword() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const queries = useQueryClient();
  const notify = useNotice();
  const change = useMutation({
    mutationFn: () => postSignIn('/change-password', { currentPassword: current, newPassword: next }),
    onSuccess() {
      setCurrent('');
      setNext('');
      notify({ text: 'Your password is changed. You are signed out everywhere else.' });
      return queries.invalidateQueries({ queryKey: ['account'] });
    },
  });
  return (
    <Box sx={{ maxWidth: 480 }}>
      <Form mutation={change} action="Change password" isQuiet>
        <Field
          label="Present password"
          type="password"
          value={current}
          onChange={setCurrent}
          autoComplete="current-password"
          required
        />
        <Field
          label="New password"
          type="password"
          helperText="10 to 256 characters. It ends all your other sessions; access tokens work on."
          value={next}
          onChange={setNext}
          autoComplete="new-password"
          required
        />
      </Form>
    </Box>
  );
}
