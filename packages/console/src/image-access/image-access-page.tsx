import Stack from '@mui/material/Stack';
import { useSuspenseQueries } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMembership } from '../app/membership.ts';
import { useNotice } from '../components/notice.tsx';
import { Page } from '../components/page.tsx';
import { Section } from '../components/section.tsx';
import { registryAccessQuery } from '../registry-access/registry-access-queries.ts';
import { CheckImage } from './check-image.tsx';
import { imageAccessQuery } from './image-access-queries.ts';
import { InForce } from './in-force.tsx';
import { OrderOfRules } from './order-of-rules.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { Versions } from './versions.tsx';

/** Which types of images members may pull. Owners change it, everybody of the organization sees it. */
export function ImageAccessPage() {
  const { org, isOwner } = useMembership();
  const [{ data: access }, { data: registryAccess }] = useSuspenseQueries({
    queries: [imageAccessQuery(org), registryAccessQuery(org)],
  });
  const toAllow = useRepositoryToAllow(isOwner);
  return (
    <Page
      title="Image access"
      lead={`Which types of images members of ${org} may pull. ${isOwner ? '' : 'Owners of the organization change it; you see what is in force.'}`}
    >
      <InForce policy={access} />
      <PolicyEditor
        org={org}
        access={access}
        limitsRegistries={registryAccess.enabled}
        isOwner={isOwner}
        toAllow={toAllow}
      />
      <Section title="Can I pull…?" lead="What the gate would answer now, and why. Nothing is pulled.">
        <CheckImage org={org} isOwner={isOwner} />
      </Section>
      <Stack direction={{ xs: 'column', lg: 'row' }} spacing={3} sx={{ '& > *': { flex: 1 } }}>
        <Section title="In which order" lead="The first rule that applies decides.">
          <OrderOfRules access={access} limitsRegistries={registryAccess.enabled} />
        </Section>
        <Section title="Versions" lead="Who changed what, and when.">
          <Versions org={org} current={access} isOwner={isOwner} />
        </Section>
      </Stack>
    </Page>
  );
}

/** What an owner came from a refused pull to allow. It is taken out of the address, so that it is drafted only once. */
function useRepositoryToAllow(isOwner: boolean): string | undefined {
  const { allow } = useSearch({ from: '/signed-in/console/o/$org/image-access' });
  const navigate = useNavigate({ from: '/console/o/$org/image-access' });
  const notify = useNotice();
  const [toAllow] = useState(isOwner ? allow : undefined);
  useEffect(() => {
    if (allow === undefined) return;
    void navigate({ search: (before) => ({ ...before, allow: undefined }), replace: true });
    if (isOwner) notify({ text: `${allow} is in the draft of the allowlist. It counts once you review and save it.` });
  }, [allow, isOwner, navigate, notify]);
  return toAllow;
}
