import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField, { type TextFieldProps } from '@mui/material/TextField';
import type { UseMutationResult } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { isApiError } from '../app/client.ts';
import { ErrorMessage } from './error-message.tsx';

interface FormProps {
  /** What sending does, with its state: what the server does not take is said above the button. */
  readonly mutation: Pick<UseMutationResult<unknown, Error, void>, 'mutate' | 'isPending' | 'error'>;
  readonly action: string;
  readonly isQuiet?: boolean;
  readonly children: ReactNode;
}

/** Fields one under the other, what went wrong, and the button that sends them. */
export function Form({ mutation, action, isQuiet = false, children }: FormProps) {
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!mutation.isPending) mutation.mutate();
  }
  return (
    <Stack component="form" spacing={2} onSubmit={submit}>
      {children}
      {mutation.error && <ErrorMessage error={mutation.error} />}
      <Button type="submit" variant={isQuiet ? 'outlined' : 'contained'} loading={mutation.isPending}>
        {action}
      </Button>
    </Stack>
  );
}

interface FieldProps extends Omit<TextFieldProps, 'onChange' | 'error' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Of the request: what the server says about this very field. */
  readonly error?: Error | null;
  /** The field's name in the request. */
  readonly field?: string;
}

export function Field({ value, onChange, error, field, helperText, ...props }: FieldProps) {
  const problems = field !== undefined && isApiError(error) ? error.fields[field] : undefined;
  return (
    <TextField
      {...props}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={problems !== undefined}
      helperText={problems?.join(' ') ?? helperText}
    />
  );
}
