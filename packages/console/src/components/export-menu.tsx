import DownloadIcon from '@mui/icons-material/Download';
import Button from '@mui/material/Button';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useId, useState } from 'react';

const formats = [
  ['csv', 'CSV, for spreadsheets'],
  ['jsonl', 'JSON lines, for programs'],
] as const;

export type ExportFormat = (typeof formats)[number][0];

interface ExportMenuProps {
  /** Where the browser downloads it. */
  readonly addressOf: (format: ExportFormat) => string;
}

/** Downloads what the filters find, of all pages. */
export function ExportMenu({ addressOf }: ExportMenuProps) {
  const [anchor, setAnchor] = useState<HTMLElement>();
  const id = useId();
  const close = () => setAnchor(undefined);
  return (
    <>
      <Button
        id={id}
        variant="outlined"
        startIcon={<DownloadIcon />}
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        Export
      </Button>
      <Menu
        open={anchor !== undefined}
        anchorEl={anchor ?? null}
        onClose={close}
        slotProps={{ list: { 'aria-labelledby': id } }}
      >
        {formats.map(([format, name]) => (
          <MenuItem key={format} component="a" href={addressOf(format)} download onClick={close}>
            {name}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
