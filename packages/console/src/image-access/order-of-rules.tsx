import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ImageAccessBody } from '@pullgate/contract';

interface OrderOfRulesProps {
  readonly access: ImageAccessBody;
  /** Whether registry access is on: it holds by itself, also while Image Access Management is off. */
  readonly limitsRegistries: boolean;
}

/** When it applies, what comes of it, and whether it can apply with these settings. */
type Rule = readonly [applies: string, outcome: string, counts: boolean];

/** The order of the policy, as it stands with these settings. */
export function OrderOfRules({ access: { enabled, allowlist }, limitsRegistries }: OrderOfRulesProps) {
  const judges = enabled || limitsRegistries;
  const rules: readonly Rule[] = [
    ['Image Access Management and registry access are off', 'allowed', !judges],
    ['You are an owner of this organization', 'allowed', judges],
    ['The repository is on the allowlist', 'allowed', judges && allowlist.enabled],
    ['The image is one of your organization', 'allowed', judges],
    limitsRegistries
      ? ['It is not from Docker Hub, or Docker Hub is refused', 'registry access decides', true]
      : ['The registry is not Docker Hub', 'allowed, since registry access is off', judges],
    ['Anything else', enabled ? 'the switch of its type decides' : 'allowed', judges],
  ];
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
