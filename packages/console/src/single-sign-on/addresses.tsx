import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { SsoConnectionBody } from '@pullgate/contract';
import { CodeLine } from '../components/code-line.tsx';

/** What has to be entered at the identity provider. */
export function Addresses({ connection }: { readonly connection: SsoConnectionBody }) {
  return (
    <Stack spacing={1} sx={{ mt: 1 }}>
      <Typography variant="h3" component="h4">
        To be entered at the identity provider
      </Typography>
      {addressesOf(connection).map(({ label, address }) => (
        <Box key={label}>
          <Typography variant="body2" color="textSecondary">
            {label}
          </Typography>
          <CodeLine text={address} what={`${label} of ${connection.name}`} />
        </Box>
      ))}
    </Stack>
  );
}

interface Address {
  readonly label: string;
  readonly address: string;
}

/** In the words that identity providers use. */
function addressesOf({ callback_url, metadata_url, scim }: SsoConnectionBody): readonly Address[] {
  const scimAddress = { label: 'SCIM base URL', address: scim.base_url };
  if (metadata_url === null) return [{ label: 'Redirect URI', address: callback_url }, scimAddress];
  return [
    { label: 'ACS URL (assertion consumer service)', address: callback_url },
    { label: 'Entity ID and metadata', address: metadata_url },
    scimAddress,
  ];
}
