import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useMembership } from '../app/membership.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { OwnersOnly } from '../components/owners-only.tsx';
import { Page } from '../components/page.tsx';
import { Section } from '../components/section.tsx';
import { Connections } from './connections.tsx';
import { Domains } from './domains.tsx';
import { connectionsQuery, domainsQuery } from './single-sign-on-queries.ts';

const title = 'Single sign-on and provisioning';

/** Domains, identity providers and provisioning. */
export function SingleSignOnPage() {
  const { org, isOwner } = useMembership();
  if (!isOwner) return <OwnersOnly title={title}>It says with which identity providers {org} signs in.</OwnersOnly>;
  return (
    <Page
      title={title}
      lead={`People of ${org} sign in to the console and the API with your identity provider. Pulls use access tokens, as ever.`}
    >
      <Content org={org} />
    </Page>
  );
}

function Content({ org }: { readonly org: string }) {
  const domains = useQuery(domainsQuery(org));
  const connections = useQuery(connectionsQuery(org));
  const error = domains.error ?? connections.error;
  if (error) {
    return <ErrorMessage error={error} onRetry={() => void Promise.all([domains.refetch(), connections.refetch()])} />;
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
