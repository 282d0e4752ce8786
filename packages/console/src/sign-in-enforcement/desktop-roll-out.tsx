import DownloadIcon from '@mui/icons-material/Download';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { CodeLine } from '../components/code-line.tsx';
import { identifierOf, type ProfileOptions } from './desktop-files.ts';
import { type DesktopMethod, desktopMethods } from './desktop-methods.ts';
import { readDesktopOrganizations } from './desktop-organizations.ts';
import { saveFile } from './save-file.ts';
import { randomUuid } from './uuid.ts';

interface DesktopRollOutProps {
  readonly org: string;
  /** As people write it. */
  readonly fullName: string;
}

/** Files that make Docker Desktop ask for a sign-in, for whoever rolls it out. */
export function DesktopRollOut({ org, fullName }: DesktopRollOutProps) {
  const [names, setNames] = useState(org);
  const [profile] = useState(() => newProfile(fullName));
  const read = readDesktopOrganizations(names);
  const problem = 'problem' in read ? read.problem : undefined;
  return (
    <Stack spacing={2}>
      <TextField
        label="Organizations at Docker"
        value={names}
        onChange={(event) => setNames(event.target.value)}
        error={problem !== undefined}
        helperText={
          problem ?? 'Docker Desktop signs in to Docker, not to this gate: use the names that you have there.'
        }
        sx={{ maxWidth: 560 }}
        slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false, maxLength: 2000 } }}
      />
      {'organizations' in read &&
        desktopMethods(read.organizations, profile).map((method) => <Method key={method.title} method={method} />)}
      <Typography color="textSecondary">
        If there are several on one machine, Docker Desktop takes the first of them in this order. It looks only when it
        starts, and its sign-in does not bind other clients: the setting above does.
      </Typography>
    </Stack>
  );
}

function newProfile(fullName: string): ProfileOptions {
  return {
    organization: fullName,
    identifier: identifierOf(location.hostname),
    profileUuid: randomUuid(),
    payloadUuid: randomUuid(),
  };
}

function Method({ method: { title, about, file, places, steps } }: { readonly method: DesktopMethod }) {
  return (
    <Paper component="article" aria-label={title} sx={{ p: 2 }}>
      <Stack spacing={1}>
        <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'center', justifyContent: 'space-between' }}>
          <Typography variant="h3">{title}</Typography>
          <Button
            variant="outlined"
            size="small"
            startIcon={<DownloadIcon />}
            onClick={() => saveFile(file)}
            sx={{ overflowWrap: 'anywhere' }}
          >
            Download {file.fileName}
          </Button>
        </Stack>
        <Typography color="textSecondary">{about}</Typography>
        {places.map(({ label, text }) => (
          <Box key={label}>
            <Typography variant="body2" color="textSecondary">
              {label}
            </Typography>
            <CodeLine text={text} what={`${label}: ${title}`} />
          </Box>
        ))}
        <Box component="ol" sx={{ my: 0, pl: 2.5 }}>
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </Box>
        <Box component="details">
          <Typography component="summary" sx={{ cursor: 'pointer', py: 0.5 }}>
            Show {file.fileName}
          </Typography>
          <CodeLine text={file.text} what={file.fileName} />
        </Box>
      </Stack>
    </Paper>
  );
}
