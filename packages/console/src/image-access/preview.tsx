import Alert from '@mui/material/Alert';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import type { ImageAccessPreviewBody, PolicyToPreviewBody } from '@pullgate/contract';
import { useQuery } from '@tanstack/react-query';
import { counted } from '../components/counted.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { previewQuery } from './image-access-queries.ts';

interface PreviewProps {
  readonly org: string;
  readonly policy: PolicyToPreviewBody;
}

const shown = 5;

/** What a policy would have meant for the pulls of the last 30 days, before it counts. */
export function Preview({ org, policy }: PreviewProps) {
  const { data, error, refetch } = useQuery(previewQuery(org, policy));
  if (error) return <ErrorMessage error={error} onRetry={() => void refetch()} />;
  if (!data) return <LinearProgress aria-label="Looking at recorded pulls" />;
  const { requests, refused, allowed, not_judged } = data;
  if (requests === 0) {
    return <Alert severity="info">No pulls were recorded in the last 30 days, so nothing can be foretold.</Alert>;
  }
  return (
    <>
      <Typography>Of {counted(requests, 'request')} in the last 30 days, this policy would have:</Typography>
      <Affected severity="warning" verb="refused" affected={refused} />
      <Affected severity="success" verb="newly allowed" affected={allowed} />
      {not_judged > 0 && (
        <Typography color="textSecondary">
          Not judged: {not_judged.toLocaleString()}, whose people or tokens are gone.
        </Typography>
      )}
    </>
  );
}

interface AffectedProps {
  readonly severity: 'warning' | 'success';
  readonly verb: string;
  readonly affected: ImageAccessPreviewBody['refused'];
}

function Affected({ severity, verb, affected }: AffectedProps) {
  const { requests, people, images, people_count, image_count } = affected;
  if (requests === 0) return <Alert severity="info">{`${verb[0]?.toUpperCase()}${verb.slice(1)} none.`}</Alert>;
  const who = people.slice(0, shown).map(({ username, requests: count }) => {
    return `${username ?? 'nobody signed in'} (${count.toLocaleString()})`;
  });
  const more = image_count - Math.min(shown, images.length);
  return (
    <Alert severity={severity} sx={{ overflowWrap: 'anywhere', '& .MuiAlert-message': { minWidth: 0 } }}>
      <strong>
        {verb} {counted(requests, 'request')}
      </strong>{' '}
      for {counted(image_count, 'image')} by {counted(people_count, 'person', 'people')}: {who.join(', ')}
      {people_count > who.length && ' and others'}
      <ul>
        {images.slice(0, shown).map(({ repository, requests: count }) => (
          <li key={repository}>
            {repository} ({count.toLocaleString()})
          </li>
        ))}
        {more > 0 && <li>and {counted(more, 'other image')}</li>}
      </ul>
    </Alert>
  );
}
