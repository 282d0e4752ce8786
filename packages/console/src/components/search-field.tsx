import TextField from '@mui/material/TextField';
import { useEffect, useState } from 'react';

interface SearchFieldProps {
  readonly label: string;
  /** What is searched for now. */
  readonly value: string;
  readonly onSearch: (value: string) => void;
  /** What the API takes at most. */
  readonly maxLength?: number;
}

const pauseMilliseconds = 300;

/** Searches when typing pauses: one request for a word, not for each of its letters. */
export function SearchField({ label, value, onSearch, maxLength = 200 }: SearchFieldProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => onSearch(text), pauseMilliseconds);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <TextField
      size="small"
      type="search"
      label={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      sx={{ flex: { xs: '1 1 240px', sm: '1 1 160px' }, maxWidth: 420 }}
      slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false, maxLength } }}
    />
  );
}
