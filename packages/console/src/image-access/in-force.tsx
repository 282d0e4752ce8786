import Typography from '@mui/material/Typography';
import type { ImageAccessBody } from '@pullgate/contract';
import { exactTime } from '../components/exact-time.ts';

/** Which version of the policy counts, since when, and who made it. */
export function InForce({ policy: { version, changed_at, changed_by } }: { readonly policy: ImageAccessBody }) {
  return (
    <Typography color="textSecondary">
      Version {version} of the policy is in force since <time dateTime={changed_at}>{exactTime(changed_at)}</time>, by{' '}
      {changed_by}.
    </Typography>
  );
}
