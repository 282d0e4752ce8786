import Box from '@mui/material/Box';
import FormControlLabel from '@mui/material/FormControlLabel';
import Stack from '@mui/material/Stack';
import Switch from '@mui/material/Switch';
import Typography from '@mui/material/Typography';
import type { ImageAccessPolicyBody } from '@pullgate/contract';
import { settingTitle } from '@pullgate/policy';

type Switched =
  | 'allow_official_images'
  | 'allow_verified_publishers'
  | 'allow_sponsored_open_source'
  | 'allow_community_images';

/** Docker's words, and what each type contains. */
export const categorySwitches: readonly { readonly key: Switched; readonly title: string; readonly about: string }[] = [
  {
    key: 'allow_official_images',
    title: settingTitle.official,
    about: 'The curated images of docker.io/library, such as nginx, postgres and alpine.',
  },
  {
    key: 'allow_verified_publishers',
    title: settingTitle['verified-publisher'],
    about: 'Images of companies that Docker has verified, such as those of Grafana or HashiCorp.',
  },
  {
    key: 'allow_sponsored_open_source',
    title: settingTitle['sponsored-oss'],
    about: 'Images of open source projects that Docker sponsors. Docker itself counts them as community images.',
  },
  {
    key: 'allow_community_images',
    title: settingTitle.community,
    about: 'Everything else on Docker Hub: anybody can publish there.',
  },
];

interface CategoriesProps {
  readonly policy: ImageAccessPolicyBody;
  readonly isReadOnly: boolean;
  readonly onChange: (part: Partial<ImageAccessPolicyBody>) => void;
}

export function Categories({ policy, isReadOnly, onChange }: CategoriesProps) {
  return (
    <Stack spacing={2}>
      <Category
        title="Organization images"
        about="Images in the namespaces that the organization has claimed. Always allowed."
        isAllowed
        isReadOnly
      />
      {categorySwitches.map(({ key, title, about }) => (
        <Category
          key={key}
          title={title}
          about={about}
          isAllowed={policy[key]}
          isReadOnly={isReadOnly}
          isWithoutEffect={!policy.enabled}
          onChange={(isAllowed) => onChange({ [key]: isAllowed })}
        />
      ))}
    </Stack>
  );
}

interface CategoryProps {
  readonly title: string;
  readonly about: string;
  readonly isAllowed: boolean;
  readonly isReadOnly: boolean;
  readonly isWithoutEffect?: boolean;
  readonly onChange?: (isAllowed: boolean) => void;
}

function Category({ title, about, isAllowed, isReadOnly, isWithoutEffect = false, onChange }: CategoryProps) {
  const state = isAllowed ? 'Allowed' : 'Refused';
  return (
    <Box>
      <FormControlLabel
        disabled={isReadOnly}
        control={<Switch checked={isAllowed} onChange={(_, checked) => onChange?.(checked)} />}
        label={
          <Typography component="span" sx={{ fontWeight: 600 }}>
            {title}: {isWithoutEffect ? `${state.toLowerCase()} once management is on` : state.toLowerCase()}
          </Typography>
        }
      />
      <Typography color="textSecondary" sx={{ ml: '47px' }}>
        {about}
      </Typography>
    </Box>
  );
}
