import ListSubheader from '@mui/material/ListSubheader';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';

export interface FilterOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** Written above the first of its group. */
  readonly group?: string;
}

interface FilterSelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value | undefined;
  readonly options: readonly FilterOption<Value>[];
  readonly onChange: (value: Value | undefined) => void;
}

/** Narrows a list to one of some values, or to none of them. */
export function FilterSelect<Value extends string>({ label, value, options, onChange }: FilterSelectProps<Value>) {
  return (
    <TextField
      select
      size="small"
      label={label}
      value={value ?? ''}
      onChange={(event) => onChange(options.find((option) => option.value === event.target.value)?.value)}
      sx={{ flex: '1 1 120px', maxWidth: { sm: 240 } }}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      <MenuItem value="">All</MenuItem>
      {options.flatMap((option, index) => [
        ...(option.group !== undefined && option.group !== options[index - 1]?.group
          ? [<ListSubheader key={`group ${option.group}`}>{option.group}</ListSubheader>]
          : []),
        <MenuItem key={option.value} value={option.value}>
          {option.label}
        </MenuItem>,
      ])}
    </TextField>
  );
}
