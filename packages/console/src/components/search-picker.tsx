import Autocomplete from '@mui/material/Autocomplete';
import TextField from '@mui/material/TextField';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '../app/client.ts';
import { useSettled } from './use-settled.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface SearchPickerProps {
  readonly label: string;
  readonly helperText?: string;
  readonly value: Choice | null;
  readonly onChange: (choice: Choice | null) => void;
  /** Of the query; what is typed comes behind it. */
  readonly queryKey: readonly string[];
  /** The first few that fit: the server searches. */
  readonly find: (search: string, signal: AbortSignal) => Promise<readonly Choice[]>;
}

/** Picks one of more than a list could hold: what is typed is searched for by the server. */
export function SearchPicker({ label, helperText, value, onChange, queryKey, find }: SearchPickerProps) {
  const [text, setText] = useState('');
  const search = useSettled(text.trim());
  const { data, error, isFetching } = useQuery({
    queryKey: [...queryKey, search],
    queryFn: ({ signal }) => find(search, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <Autocomplete
      size="small"
      options={data ?? []}
      value={value}
      onChange={(_, choice) => onChange(choice)}
      // What is picked is in the field as its label, which is nothing to search for.
      onInputChange={(_, typed, reason) => setText(reason === 'input' ? typed : '')}
      filterOptions={(options) => options}
      getOptionKey={(option) => option.value}
      isOptionEqualToValue={(option, picked) => option.value === picked.value}
      loading={isFetching}
      noOptionsText="Nothing is found"
      renderInput={(params) => (
        <TextField
          {...params}
          label={label}
          error={error !== null}
          helperText={error ? messageOf(error) : helperText}
        />
      )}
      sx={{ flex: '1 1 240px', minWidth: 0 }}
    />
  );
}
