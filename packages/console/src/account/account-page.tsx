import { Page } from '../components/page.tsx';
import { Section } from '../components/section.tsx';
import { Passkeys } from './passkeys.tsx';
import { PasswordSection } from './password-section.tsx';
import { Profile } from './profile.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Sessions } from './sessions.tsx';
import { SingleSignOn } from './single-sign-on.tsx';

/** Who the viewer is here, and the ways to prove it. */
export function AccountPage() {
  return (
    <Page title="Your account" lead="How you sign in to this console. To pull images, use an access token instead.">
      <Section title="Profile">
        <Profile />
      </Section>
      <PasswordSection />
      <SecondFactor />
      <Passkeys />
      <SingleSignOn />
      <Sessions />
    </Page>
  );
}
