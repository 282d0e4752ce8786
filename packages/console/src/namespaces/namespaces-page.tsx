import Box from '@mui/material/Box';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useMembership } from '../app/membership.ts';
import { callerQuery } from '../app/queries.ts';
import { Page } from '../components/page.tsx';
import { Section } from '../components/section.tsx';
import { AssignNamespace } from './assign-namespace.tsx';
import { ClaimNamespace } from './claim-namespace.tsx';
import { NamespaceList } from './namespace-list.tsx';

/** Namespaces whose images are the organization's own. Owners claim and release them, everybody sees them. */
export function NamespacesPage() {
  const { org, isOwner } = useMembership();
  const { data: caller } = useSuspenseQuery(callerQuery);
  return (
    <Page
      title="Namespaces"
      lead={`Images in these namespaces are organization images of ${org}: members may always pull them. ${isOwner ? '' : 'Owners of the organization claim and release them.'}`}
    >
      <Section title="Claimed namespaces">
        <NamespaceList org={org} isOwner={isOwner} />
      </Section>
      {isOwner && (
        <Section
          title="Claim a namespace"
          lead="Whoever can push to a namespace decides what your members run. Claim only what your organization controls; one namespace has one organization."
        >
          <Box sx={{ maxWidth: 560 }}>
            <ClaimNamespace org={org} />
          </Box>
        </Section>
      )}
      {caller.is_admin && (
        <Section
          title="Assign a namespace"
          lead="You administer this installation, so you may assign a namespace without proof. Make sure whose it is."
        >
          <Box sx={{ maxWidth: 560 }}>
            <AssignNamespace org={org} isOwner={isOwner} />
          </Box>
        </Section>
      )}
    </Page>
  );
}
