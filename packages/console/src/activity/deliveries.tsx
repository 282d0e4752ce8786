import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { DeliveryBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { useAddressSearch } from '../components/address-search.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { SearchedList } from '../components/searched-list.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { deliveriesQuery } from './activity-queries.ts';

/** Between two looks, in milliseconds. */
const pause = 10_000;

/** Where the activity is delivered to, how far it got, and why it did not get further. */
export function Deliveries() {
  const search = useAddressSearch('deliveries');
  const { data, error, isPending, refetch } = useQuery({ ...deliveriesQuery, refetchInterval: pause });
  return (
    <Section title="Deliveries" lead="Where the activity of the whole installation is sent. For administrators.">
      {isPending && <LinearProgress aria-label="Loading the deliveries" />}
      {error && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && (
        <Typography color="textSecondary">
          It is sent nowhere. Set activity.webhooks or activity.syslog in the configuration of the gate.
        </Typography>
      )}
      {data !== undefined && data.length > 0 && (
        <SearchedList
          items={data}
          one="delivery"
          many="deliveries"
          label="Search deliveries"
          textOf={wordsOf}
          {...search}
        >
          {(found) => <DeliveryTable deliveries={found} />}
        </SearchedList>
      )}
    </Section>
  );
}

function wordsOf({ name, kind, target, last_error }: DeliveryBody): string {
  return `${name} ${kind} ${target} ${last_error ?? ''}`;
}

function DeliveryTable({ deliveries }: { readonly deliveries: readonly DeliveryBody[] }) {
  return (
    <TableContainer tabIndex={0} role="region" aria-label="Deliveries">
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>Name</TableCell>
            <TableCell sx={wide}>Where to</TableCell>
            <TableCell sx={wide} align="right">
              Newest row there
            </TableCell>
            <TableCell sx={wide} align="right">
              Waiting
            </TableCell>
            <TableCell sx={wide}>Last success</TableCell>
            <TableCell sx={wide}>Last error</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {deliveries.map((delivery) => (
            <DeliveryLine key={delivery.name} delivery={delivery} />
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

/** On a phone, what these columns say stands under the name. */
const wide = { display: { xs: 'none', sm: 'table-cell' } };

function DeliveryLine({ delivery }: { readonly delivery: DeliveryBody }) {
  const { name, kind, target, delivered_sequence, pending } = delivery;
  return (
    <TableRow>
      <TableCell component="th" scope="row" sx={{ fontWeight: 600, overflowWrap: { xs: 'anywhere', sm: 'normal' } }}>
        {name}
        <Box sx={{ display: { sm: 'none' }, fontWeight: 400 }}>
          <div>
            {kind} {target}
          </div>
          <div>Newest row there: {delivered_sequence.toLocaleString()}</div>
          <div>Waiting: {pending.toLocaleString()}</div>
          <div>
            Last success: <LastSuccess delivery={delivery} />
          </div>
          <div>
            Last error: <LastError delivery={delivery} />
          </div>
        </Box>
      </TableCell>
      <TableCell sx={wide}>
        {kind} {target}
      </TableCell>
      <TableCell sx={wide} align="right">
        {delivered_sequence.toLocaleString()}
      </TableCell>
      <TableCell sx={wide} align="right">
        {pending.toLocaleString()}
      </TableCell>
      <TableCell sx={wide}>
        <LastSuccess delivery={delivery} />
      </TableCell>
      <TableCell sx={{ ...wide, overflowWrap: 'anywhere' }}>
        <LastError delivery={delivery} />
      </TableCell>
    </TableRow>
  );
}

function LastSuccess({ delivery: { last_success_at } }: { readonly delivery: DeliveryBody }) {
  return last_success_at === null ? 'never' : <Time value={last_success_at} />;
}

function LastError({ delivery: { last_error, last_failure_at } }: { readonly delivery: DeliveryBody }) {
  if (last_error === null || last_failure_at === null) return 'none';
  return (
    <>
      {last_error} (<Time value={last_failure_at} />)
    </>
  );
}
