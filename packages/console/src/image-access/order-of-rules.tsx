import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ImageAccessBody } from '@pullgate/contract';

/** The order of the policy, as it stands with these settings. */
export function OrderOfRules({ access }: { readonly access: ImageAccessBody }) {
  const rules = [
    ['Image Access Management is off', 'allowed', !access.enabled],
    ['You are an owner of this organization', 'allowed', access.enabled],
    ['The repository is on the allowlist', 'allowed', access.enabled && access.allowlist.enabled],
    ['The image is one of your organization', 'allowed', access.enabled],
    ['The registry is not Docker Hub', 'registry access decides', true],
    ['Anything else', 'the switch of its type decides', access.enabled],
  ] as const;
  return (
    <Box component="ol" sx={{ m: 0, pl: 3, '& li': { mb: 1 } }}>
      {rules.map(([rule, outcome, counts]) => (
        <li key={rule}>
          <Typography component="span">
            {rule}: {outcome}
          </Typography>
          {!counts && (
            <Typography component="span" color="textSecondary">
              {' '}
              (does not apply now)
            </Typography>
          )}
        </li>
      ))}
    </Box>
  );
}
