import CheckCircleOutlinedIcon from '@mui/icons-material/CheckCircleOutlined';
import ErrorOutlineIcon from '@mui/icons-material/ErrorOutlined';
import HelpOutlineIcon from '@mui/icons-material/HelpOutlined';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { StatusBody } from '@pullgate/contract';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';

type Upstream = StatusBody['upstreams'][number];

const states = {
  up: { name: 'Answers', Icon: CheckCircleOutlinedIcon, color: 'success.main' },
  down: { name: 'In trouble', Icon: ErrorOutlineIcon, color: 'error.main' },
  unknown: { name: 'Not asked yet', Icon: HelpOutlineIcon, color: 'text.secondary' },
} as const;

/** The registries that the gate pulls from, by how they last answered. */
export function Registries({ upstreams }: Pick<StatusBody, 'upstreams'>) {
  return (
    <Section title="Registries" lead="How those that the gate pulls from answered last.">
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {upstreams.map((upstream) => (
          <Registry key={upstream.registry} upstream={upstream} />
        ))}
      </Box>
    </Section>
  );
}

function Registry({ upstream }: { readonly upstream: Upstream }) {
  const { name, Icon, color } = states[upstream.state];
  return (
    <Box component="li" sx={{ display: 'flex', gap: 2, py: 0.75 }}>
      <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
        {upstream.registry}
        <Typography variant="body2" color="textSecondary" component="div">
          <LastAnswer upstream={upstream} />
        </Typography>
      </Box>
      <Box sx={{ display: 'inline-flex', alignItems: 'flex-start', gap: 0.5, color, whiteSpace: 'nowrap' }}>
        <Icon fontSize="small" aria-hidden />
        {name}
      </Box>
    </Box>
  );
}

/** While it is well, when it last answered; while it is not, what is wrong and since when it is known. */
function LastAnswer({
  upstream: { state, last_success_at, last_failure_at, last_error },
}: {
  readonly upstream: Upstream;
}) {
  if (state === 'down' && last_failure_at !== null) {
    return (
      <>
        {last_error} <Time value={last_failure_at} />
        {last_success_at !== null && (
          <>
            ; it last answered <Time value={last_success_at} />
          </>
        )}
      </>
    );
  }
  return last_success_at === null ? (
    'The gate has not pulled from it since it started.'
  ) : (
    <Time value={last_success_at} />
  );
}
