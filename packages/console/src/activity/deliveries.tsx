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
import { ErrorMessage } from '../components/error-message.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { deliveriesQuery } from './activity-queries.ts';

/** Between two looks, in milliseconds. */
const pause = 10_000;

/** Where the activity is delivered to, how far it got, and why it did not get further. */
export function Deliveries() {
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
      {data !== undefined && data.length > 0 && <DeliveryTable deliveries={data} />}
    </Section>
  );
}

function DeliveryTable({ deliveries }: { readonly deliveries: readonly DeliveryBody[] }) {
  return (
    <TableContainer tabIndex={0} role="region" aria-label="Deliveries">
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>Name</TableCell>
            <TableCell>Where to</TableCell>
            <TableCell align="right">Newest row there</TableCell>
            <TableCell align="right">Waiting</TableCell>
            <TableCell>Last success</TableCell>
            <TableCell>Last error</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {deliveries.map((delivery) => (
            <TableRow key={delivery.name}>
              <TableCell component="th" scope="row">
                {delivery.name}
              </TableCell>
              <TableCell>
                {delivery.kind} {delivery.target}
              </TableCell>
              <TableCell align="right">{delivery.delivered_sequence.toLocaleString()}</TableCell>
              <TableCell align="right">{delivery.pending.toLocaleString()}</TableCell>
              <TableCell>
                {delivery.last_success_at === null ? 'never' : <Time value={delivery.last_success_at} />}
              </TableCell>
              <TableCell sx={{ overflowWrap: 'anywhere' }}>
                <LastError delivery={delivery} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function LastError({ delivery: { last_error, last_failure_at } }: { readonly delivery: DeliveryBody }) {
  if (last_error === null || last_failure_at === null) return 'none';
  return (
    <>
      {last_error} (<Time value={last_failure_at} />)
    </>
  );
}
