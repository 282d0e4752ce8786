import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useMembership } from '../app/membership.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { Page } from '../components/page.tsx';
import { Section } from '../components/section.tsx';
import { Connections } from './connections.tsx';
import { Domains } from './domains.tsx';
import { connectionsQuery, domainsQuery } from './single-sign-on-queries.ts';

/** Domains, identity providers and provisioning. For owners: to others the server says so. */
export function SingleSignOnPage() {
  const { org, isOwner } = useMembership();
  return (
    <Page
      title="Single sign-on and provisioning"
      lead={`People of ${org} sign in to the console and the API with your identity provider. Pulls use access tokens, as ever.`}
    >
      <Content org={org} isOwner={isOwner} />
    </Page>
  );
}

function Content({ org, isOwner }: { readonly org: string; readonly isOwner: boolean }) {
  const domains = useQuery(domainsQuery(org));
  const connections = useQuery(connectionsQuery(org));
  const error = domains.error ?? connections.error;
  if (error) {
    const retry = () => void Promise.all([domains.refetch(), connections.refetch()]);
    // Who is no owner is none when asking again, too.
    return <ErrorMessage error={error} {...(isOwner && { onRetry: retry })} />;
  }
  if (!domains.data || !connections.data) return <Typography role="status">Loading…</Typography>;
  const known = { org, domains: domains.data, connections: connections.data };
  return (
    <>
      <Section
        title="Domains"
        lead="A provider signs in people with an e-mail address in a verified domain, and nobody else. A domain belongs to one organization of this gate."
      >
        <Domains {...known} />
      </Section>
      <Section title="Identity providers" lead="By OpenID Connect or SAML 2.0, each with provisioning by SCIM 2.0.">
        <Connections {...known} />
      </Section>
    </>
  );
}
