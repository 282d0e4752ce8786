import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { ErrorMessage } from '../components/error-message.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { waysQuery } from './account-queries.ts';

/** Whether an identity provider vouches for the viewer. It is linked by signing in with it. */
export function SingleSignOn() {
  const { data: ways, error } = useQuery(waysQuery);
  return (
    <Section title="Single sign-on">
      {error && <ErrorMessage error={error} />}
      {ways?.singleSignOns.length === 0 && (
        <Typography color="textSecondary">
          None is linked. Where your organization has one, it is linked when you sign in with your e-mail address at
          work under “Single sign-on”.
        </Typography>
      )}
      {ways?.singleSignOns.map(({ providerId, createdAt }) => (
        <Typography key={providerId}>
          Linked with the identity provider of your organization, <Time value={createdAt} />.
        </Typography>
      ))}
    </Section>
  );
}
