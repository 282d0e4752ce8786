import { useMembership } from '../app/membership.ts';
import { Page } from '../components/page.tsx';
import { Section } from '../components/section.tsx';
import { DesktopRollOut } from './desktop-roll-out.tsx';
import { EnforcementSwitch } from './enforcement-switch.tsx';

/** Whether the gate lets anybody pull without signing in, and the same for Docker Desktop. */
export function SignInEnforcementPage() {
  const { org, organization, isOwner } = useMembership();
  return (
    <Page
      title="Enforce sign-in"
      lead={`Whether people have to sign in before they pull, so that each pull is somebody’s. ${isOwner ? '' : 'Owners of the organization change the setting; you see what is in force.'}`}
    >
      <Section title="Pulls through this gate">
        <EnforcementSwitch org={org} isOwner={isOwner} />
      </Section>
      <Section
        title="Docker Desktop"
        lead="Docker Desktop can ask for a sign-in too, before it runs anything. Roll one of these files out to your machines."
      >
        <DesktopRollOut org={org} fullName={organization.full_name || org} />
      </Section>
    </Page>
  );
}
