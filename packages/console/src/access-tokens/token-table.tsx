import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import Pagination from '@mui/material/Pagination';
import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { pageWithin } from '../components/page-number.ts';
import { Time } from '../components/time.tsx';
import { endOf, pageSize, type TokenPage, type TokenRow } from './token-row.ts';

export interface TokenTableProps {
  /** What is listed, for who does not see it. */
  readonly label: string;
  readonly tokens: TokenPage;
  readonly page: number;
  readonly onPage: (page: number) => void;
  /** What `about` is called. */
  readonly aboutTitle: string;
  /** Of the organization's rules. */
  readonly maximumDays: number | null;
  readonly onShow?: (token: TokenRow) => void;
  readonly onSwitch?: (token: TokenRow, isActive: boolean) => void;
  readonly removeAction: 'Delete' | 'Revoke';
  readonly onRemove: (token: TokenRow) => void;
}

export function TokenTable(props: TokenTableProps) {
  const { label, tokens, page, onPage, aboutTitle, maximumDays } = props;
  const hasMembers = tokens.rows.some(({ username }) => username !== undefined);
  const pageCount = Math.ceil(tokens.count / pageSize);
  return (
    <Stack spacing={2}>
      <TableContainer tabIndex={0} role="region" aria-label={label}>
        <Table size="small" sx={{ '& td, & th': { whiteSpace: 'nowrap' } }}>
          <TableHead>
            <TableRow>
              <TableCell>Label</TableCell>
              {hasMembers && <TableCell sx={wide}>Member</TableCell>}
              <TableCell sx={wide}>{aboutTitle}</TableCell>
              <TableCell sx={wide}>State</TableCell>
              <TableCell sx={wide}>Last used</TableCell>
              <TableCell sx={wide}>Ends</TableCell>
              <TableCell align="right">Change</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {tokens.rows.map((token) => (
              <TableRow key={token.id}>
                <TableCell
                  sx={{
                    fontWeight: 600,
                    minWidth: { sm: 120 },
                    maxWidth: 280,
                    overflow: 'hidden',
                    textOverflow: 'ellipsis',
                    overflowWrap: 'anywhere',
                    ...wrapping,
                  }}
                >
                  {token.label}
                  <Box sx={{ display: { sm: 'none' }, fontWeight: 400, whiteSpace: 'normal' }}>
                    {token.username !== undefined && <div>Of {token.username}</div>}
                    <div>{token.about}</div>
                    <State token={token} maximumDays={maximumDays} />
                    <div>
                      Used: <LastUse token={token} />
                    </div>
                    <div>
                      Ends: <End token={token} maximumDays={maximumDays} />
                    </div>
                  </Box>
                </TableCell>
                {hasMembers && <TableCell sx={wide}>{token.username}</TableCell>}
                <TableCell sx={{ ...wide, maxWidth: 280, overflow: 'hidden', textOverflow: 'ellipsis' }}>
                  {token.about}
                </TableCell>
                <TableCell sx={wide}>
                  <State token={token} maximumDays={maximumDays} />
                </TableCell>
                <TableCell sx={wide}>
                  <LastUse token={token} />
                </TableCell>
                <TableCell sx={wide}>
                  <End token={token} maximumDays={maximumDays} />
                </TableCell>
                <TableCell align="right" sx={{ '& .MuiButton-root': { minWidth: 0 }, ...wrapping }}>
                  <Changes {...props} token={token} />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </TableContainer>
      {pageCount > 1 && (
        <Pagination
          count={pageCount}
          page={pageWithin(page, tokens.count, pageSize)}
          onChange={(_, next) => onPage(next)}
        />
      )}
    </Stack>
  );
}

/** On a phone, for the buttons to be in reach. */
const wrapping = { '&&': { whiteSpace: { xs: 'normal', sm: 'nowrap' } } };

/** On a phone, what these columns say stands under the label. */
const wide = { display: { xs: 'none', sm: 'table-cell' } };

interface OfToken {
  readonly token: TokenRow;
  readonly maximumDays: number | null;
}

function State({ token, maximumDays }: OfToken) {
  const end = endOf(token, maximumDays);
  if (end && end.getTime() <= Date.now()) return <Chip size="small" variant="outlined" color="error" label="Expired" />;
  return token.isActive ? (
    <Chip size="small" variant="outlined" color="success" label="Active" />
  ) : (
    <Chip size="small" variant="outlined" label="Off" />
  );
}

function LastUse({ token: { lastUsedAt, lastUsedFrom } }: { readonly token: TokenRow }) {
  if (lastUsedAt === null) return 'Never';
  return (
    <>
      <Time value={lastUsedAt} />
      {lastUsedFrom !== null && ` from ${lastUsedFrom}`}
    </>
  );
}

function End({ token, maximumDays }: OfToken) {
  const end = endOf(token, maximumDays);
  return end ? <Time value={end.toISOString()} /> : 'Never';
}

function Changes({ token, onShow, onSwitch, onRemove, removeAction }: TokenTableProps & { readonly token: TokenRow }) {
  const { label, isActive } = token;
  return (
    <>
      {onShow && (
        <Button size="small" onClick={() => onShow(token)} aria-label={`Details of ${label}`}>
          Details
        </Button>
      )}
      {onSwitch && (
        <Button
          size="small"
          onClick={() => onSwitch(token, !isActive)}
          aria-label={`${isActive ? 'Deactivate' : 'Activate'} ${label}`}
        >
          {isActive ? 'Deactivate' : 'Activate'}
        </Button>
      )}
      <Button size="small" color="error" onClick={() => onRemove(token)} aria-label={`${removeAction} ${label}`}>
        {removeAction}
      </Button>
    </>
  );
}
