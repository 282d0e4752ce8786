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
  /** Whether registry access is on, which holds also while this is off. */
  readonly limitsRegistries: boolean;
  readonly isOwner: boolean;
  /** Full name of a repository to begin the draft with. */
  readonly toAllow?: string | undefined;
}

/** The policy as a draft: nothing counts before it was reviewed and saved as a whole. */
export function PolicyEditor({ org, access, limitsRegistries, isOwner, toAllow }: PolicyEditorProps) {
  /** What the draft was made from. */
  const [base, setBase] = useState(access);
  const [draft, setDraft] = useState<ImageAccessPolicyBody>(() => withAllowed(policyOf(access), toAllow));
  const [isReviewing, setIsReviewing] = useState(false);
  const change = (part: Partial<ImageAccessPolicyBody>) => setDraft((before) => ({ ...before, ...part }));
  const isChanged = JSON.stringify(draft) !== JSON.stringify(policyOf(base));
  const isOutdated = access.version !== base.version;

  function begin(from: ImageAccessBody): void {
    setBase(from);
    setDraft(policyOf(from));
  }
  // Who has changed nothing yet goes on from what is in force now.
  if (isOutdated && !isChanged) begin(access);

  return (
    <>
      <Section title="Image Access Management">
        <FormControlLabel
          control={
            <Switch checked={draft.enabled} disabled={!isOwner} onChange={(_, enabled) => change({ enabled })} />
          }
          label={
            draft.enabled
              ? 'On: members may pull what is allowed below'
              : `Off: members may pull every image${limitsRegistries ? ' that registry access allows' : ''}`
          }
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
      {isChanged && (
        <SaveBar
          changedBy={isOutdated ? access.changed_by : undefined}
          onDiscard={() => begin(access)}
          onReview={() => setIsReviewing(true)}
        />
      )}
      {isReviewing && (
        <ReviewDialog org={org} base={base} draft={draft} onSaved={begin} onClose={() => setIsReviewing(false)} />
      )}
    </>
  );
}

function withAllowed(policy: ImageAccessPolicyBody, repository: string | undefined): ImageAccessPolicyBody {
  if (repository === undefined) return policy;
  const repositories = [...new Set([...policy.allowlist.repositories, repository])].sort();
  return { ...policy, allowlist: { enabled: true, repositories } };
}

interface SaveBarProps {
  /** Who made another version since the draft was begun: it must not be written over. */
  readonly changedBy: string | undefined;
  readonly onDiscard: () => void;
  readonly onReview: () => void;
}

function SaveBar({ changedBy, onDiscard, onReview }: SaveBarProps) {
  return (
    <Paper
      role="status"
      elevation={6}
      variant="elevation"
      sx={{ position: 'sticky', bottom: 16, zIndex: 2, p: 2, border: 1, borderColor: 'primary.main' }}
    >
      <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        <Box sx={{ flex: '1 1 200px' }}>
          <Typography sx={{ fontWeight: 600 }}>Changes that are not saved</Typography>
          {changedBy !== undefined && (
            <Typography color="error">
              {changedBy} changed the policy meanwhile. Discard your changes, and make them again from there.
            </Typography>
          )}
        </Box>
        <Button onClick={onDiscard}>Discard</Button>
        <Button variant="contained" onClick={onReview} disabled={changedBy !== undefined}>
          Review and save
        </Button>
      </Stack>
    </Paper>
  );
}
