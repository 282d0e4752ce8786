import Alert from '@mui/material/Alert';
import FormControlLabel from '@mui/material/FormControlLabel';
import Switch from '@mui/material/Switch';
import type { RegistryAccessBody } from '@pullgate/contract';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useMembership } from '../app/membership.ts';
import { Page } from '../components/page.tsx';
import { Section } from '../components/section.tsx';
import { imageAccessQuery } from '../image-access/image-access-queries.ts';
import { InForce } from '../image-access/in-force.tsx';
import { allowedHosts, switchTo } from './registries.ts';
import { registryAccessQuery, useRegistryAccessChange } from './registry-access-queries.ts';
import { RegistryList } from './registry-list.tsx';

/** Which registries members may pull from. Owners change it, everybody of the organization sees it. */
export function RegistryAccessPage() {
  const { org, isOwner } = useMembership();
  const { data: access } = useSuspenseQuery(registryAccessQuery(org));
  return (
    <Page
      title="Registry access"
      lead={`Which registries members of ${org} may pull from. ${isOwner ? '' : 'Owners of the organization change it; you see what is in force.'}`}
    >
      <InForceSince org={org} />
      <Section title="Registry Access Management">
        <Enabled org={org} access={access} isOwner={isOwner} />
      </Section>
      <Section
        title="Registries"
        lead="What is allowed counts while registry access is on. Owners of the organization, the repository allowlist and organization images come before this list."
      >
        <RegistryList org={org} access={access} isOwner={isOwner} />
      </Section>
    </Page>
  );
}

/** Registry access is a part of the policy, whose versions are on the page of image access. */
function InForceSince({ org }: { readonly org: string }) {
  const { data: policy } = useQuery(imageAccessQuery(org));
  if (!policy) return null;
  return <InForce policy={policy} />;
}

interface EnabledProps {
  readonly org: string;
  readonly access: RegistryAccessBody;
  readonly isOwner: boolean;
}

function Enabled({ org, access, isOwner }: EnabledProps) {
  const change = useRegistryAccessChange(org);
  const { enabled } = access;
  const hosts = allowedHosts(access);

  function set(on: boolean): void {
    const told = on ? 'Registry access is on: only what is on the list is allowed.' : 'Registry access is off.';
    change.mutate({ edit: switchTo(on), undo: switchTo(!on), told });
  }

  return (
    <>
      <FormControlLabel
        control={<Switch checked={enabled} disabled={!isOwner} onChange={(_, on) => set(on)} />}
        label={
          enabled
            ? 'On: members may pull from the registries that are allowed below'
            : 'Off: members may pull from every registry that this gate pulls from'
        }
      />
      {enabled && hosts.length > 0 && (
        <Alert severity="info" sx={{ mt: 2, overflowWrap: 'anywhere' }}>
          Members may pull from {hosts.join(', ')}.
        </Alert>
      )}
      {enabled && hosts.length === 0 && (
        <Alert severity="warning" sx={{ mt: 2 }}>
          No registry is allowed: members may pull only organization images and what the repository allowlist names.
        </Alert>
      )}
    </>
  );
}
