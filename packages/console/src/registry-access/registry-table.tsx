import DeleteIcon from '@mui/icons-material/Delete';
import FormControlLabel from '@mui/material/FormControlLabel';
import IconButton from '@mui/material/IconButton';
import Stack from '@mui/material/Stack';
import Switch from '@mui/material/Switch';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';

/** A line of the list. */
export interface ListedRegistry {
  readonly host: string;
  readonly name: string;
  readonly isAllowed: boolean;
  /** Whether the gate pulls from it at all. Undefined until that is known. */
  readonly isKnown: boolean | undefined;
  /** Absent for Docker Hub, which stays on the list. */
  readonly onRemove?: () => void;
  readonly onAllow: (isAllowed: boolean) => void;
}

interface RegistryTableProps {
  readonly registries: readonly ListedRegistry[];
  readonly isReadOnly: boolean;
}

export function RegistryTable({ registries, isReadOnly }: RegistryTableProps) {
  return (
    <TableContainer tabIndex={0} role="region" aria-label="Registries">
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>Registry</TableCell>
            <TableCell sx={{ pl: 0 }}>Members may pull</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {registries.map((registry) => (
            <Row key={registry.host} registry={registry} isReadOnly={isReadOnly} />
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function Row({ registry, isReadOnly }: { readonly registry: ListedRegistry; readonly isReadOnly: boolean }) {
  const { host, name, isAllowed, isKnown, onAllow, onRemove } = registry;
  const verdict = isAllowed ? 'Allowed' : 'Refused';
  return (
    <TableRow>
      <TableCell sx={{ overflowWrap: 'anywhere', minWidth: 120, pr: 1 }}>
        <strong>{host}</strong>
        {name !== host && <div>{name}</div>}
        {isKnown === false && (
          <Typography variant="body2" color="textSecondary">
            This gate does not pull from it
          </Typography>
        )}
      </TableCell>
      <TableCell sx={{ pl: 0 }}>
        {isReadOnly ? (
          verdict
        ) : (
          <Stack direction="row" sx={{ justifyContent: 'space-between', alignItems: 'center' }}>
            <FormControlLabel
              control={
                <Switch
                  size="small"
                  checked={isAllowed}
                  onChange={(_, checked) => onAllow(checked)}
                  slotProps={{ input: { 'aria-label': `Allow ${host}` } }}
                />
              }
              label={verdict}
              sx={{ mr: 1 }}
            />
            {onRemove && (
              <IconButton aria-label={`Remove ${host}`} onClick={onRemove}>
                <DeleteIcon />
              </IconButton>
            )}
          </Stack>
        )}
      </TableCell>
    </TableRow>
  );
}
