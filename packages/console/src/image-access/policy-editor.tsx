import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Switch from '@mui/material/Switch';
import Typography from '@mui/material/Typography';
import type { ImageAccessBody, ImageAccessPolicyBody } from '@pullgate/contract';
import { useState } from 'react';
import { Section } from '../components/section.tsx';
import { Allowlist } from './allowlist.tsx';
import { Categories } from './categories.tsx';
import { policyOf } from './image-access-queries.ts';
import { ReviewDialog } from './review-dialog.tsx';

interface PolicyEditorProps {
  readonly org: string;
  readonly access: ImageAccessBody;
  readonly isOwner: boolean;
  /** Full name of a repository to begin the draft with. */
  readonly toAllow?: string | undefined;
}

/** The policy as a draft: nothing counts before it was reviewed and saved as a whole. */
export function PolicyEditor({ org, access, isOwner, toAllow }: PolicyEditorProps) {
  const inForce = policyOf(access);
  const [draft, setDraft] = useState<ImageAccessPolicyBody>(() => withAllowed(inForce, toAllow));
  const [isReviewing, setIsReviewing] = useState(false);
  const change = (part: Partial<ImageAccessPolicyBody>) => setDraft((before) => ({ ...before, ...part }));
  const isChanged = JSON.stringify(draft) !== JSON.stringify(inForce);
  return (
    <>
      <Section title="Image Access Management">
        <FormControlLabel
          control={
            <Switch checked={draft.enabled} disabled={!isOwner} onChange={(_, enabled) => change({ enabled })} />
          }
          label={draft.enabled ? 'On: members may pull what is allowed below' : 'Off: members may pull every image'}
        />
        {draft.enabled && (
          <Alert severity="info" sx={{ mt: 2 }}>
            Owners of the organization may pull everything. Organization access tokens cannot pull while this is on: use
            personal access tokens.
          </Alert>
        )}
      </Section>
      <Section title="Types of images" lead="What members may pull from Docker Hub.">
        <Categories policy={draft} isReadOnly={!isOwner} onChange={change} />
      </Section>
      <Section
        title="Repository allowlist"
        lead="Repositories that members may pull whatever type of image they hold, from any registry."
      >
        <Allowlist policy={draft} isReadOnly={!isOwner} onChange={(allowlist) => change({ allowlist })} />
      </Section>
      {isChanged && <SaveBar onDiscard={() => setDraft(inForce)} onReview={() => setIsReviewing(true)} />}
      {isReviewing && <ReviewDialog org={org} access={access} draft={draft} onClose={() => setIsReviewing(false)} />}
    </>
  );
}

function withAllowed(policy: ImageAccessPolicyBody, repository: string | undefined): ImageAccessPolicyBody {
  if (repository === undefined) return policy;
  const repositories = [...new Set([...policy.allowlist.repositories, repository])].sort();
  return { ...policy, allowlist: { enabled: true, repositories } };
}

function SaveBar({ onDiscard, onReview }: { readonly onDiscard: () => void; readonly onReview: () => void }) {
  return (
    <Paper
      role="status"
      elevation={6}
      variant="elevation"
      sx={{ position: 'sticky', bottom: 16, zIndex: 2, p: 2, border: 1, borderColor: 'primary.main' }}
    >
      <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        <Typography sx={{ fontWeight: 600 }}>Changes that are not saved</Typography>
        <Box sx={{ flex: 1 }} />
        <Button onClick={onDiscard}>Discard</Button>
        <Button variant="contained" onClick={onReview}>
          Review and save
        </Button>
      </Stack>
    </Paper>
  );
}
