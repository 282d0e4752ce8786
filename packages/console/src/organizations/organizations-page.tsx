import { useSuspenseQuery } from '@tanstack/react-query';
import { callerQuery, organizationsQuery } from '../app/queries.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { Page } from '../components/page.tsx';
import { Section } from '../components/section.tsx';
import { CreateOrganization } from './create-organization.tsx';
import { OrganizationList } from './organization-list.tsx';

/** Choose an organization. Administrators of the installation make new ones. */
export function OrganizationsPage() {
  const { data: organizations } = useSuspenseQuery(organizationsQuery);
  const { data: caller } = useSuspenseQuery(callerQuery);
  return (
    <Page title="Organizations" lead="Choose the organization whose images you want to see or manage.">
      {organizations.length === 0 ? (
        <EmptyState title="You are in no organization yet">
          {caller.is_admin
            ? 'Create one below, or ask an owner for an invitation and open its link in this browser.'
            : 'Ask an owner for an invitation, and open its link in this browser.'}
        </EmptyState>
      ) : (
        <OrganizationList organizations={organizations} />
      )}
      {caller.is_admin && (
        <Section
          title="Create an organization"
          lead="As administrator of this installation. It has a policy, members and records of its own, and Image Access Management is off."
        >
          <CreateOrganization username={caller.username} />
        </Section>
      )}
    </Page>
  );
}
