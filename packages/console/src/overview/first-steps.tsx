import CheckCircleIcon from '@mui/icons-material/CheckCircle';
import RadioButtonUncheckedIcon from '@mui/icons-material/RadioButtonUnchecked';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { callerQuery } from '../app/queries.ts';
import { CodeLine } from '../components/code-line.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { PageLink } from '../components/page-link.tsx';
import { Section } from '../components/section.tsx';
import { visuallyHidden } from '../components/visually-hidden.ts';
import { type StepsDone, useStepsDone } from './first-steps-queries.ts';
import { hostQuery } from './overview-queries.ts';

type StepPage = `/console/o/$org/${'namespaces' | 'access-tokens' | 'pulls' | 'image-access' | 'members'}`;

interface Step {
  readonly key: keyof StepsDone;
  readonly title: string;
  readonly about: string;
  readonly command?: string;
  /** Where it is done, or seen. */
  readonly page?: { readonly to: StepPage; readonly title: string };
}

/** What makes a fresh organization work. Gone when all is done. */
export function FirstSteps({ org }: { readonly org: string }) {
  const { data: caller } = useSuspenseQuery(callerQuery);
  const { data: host } = useQuery(hostQuery);
  const { done, error } = useStepsDone(org);
  if (error) return <ErrorMessage error={error} />;
  if (!done || host === undefined || Object.values(done).every(Boolean)) return null;
  const steps = stepsOf(org, host, caller.username);
  const doneCount = steps.filter(({ key }) => done[key]).length;
  return (
    <Section
      title="First steps"
      lead={`${doneCount} of ${steps.length} are done. Each ticks itself, wherever it is done, and the list goes away with the last.`}
    >
      <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 2 }}>
        {steps.map((step) => (
          <StepItem key={step.key} org={org} step={step} isDone={done[step.key]} />
        ))}
      </Box>
    </Section>
  );
}

function stepsOf(org: string, host: string, username: string): readonly Step[] {
  return [
    {
      key: 'namespace',
      title: 'Claim a namespace',
      about:
        'Members may always pull the images in it. Whoever runs the gate claims it with this command, you on the page',
      command: `npx pullgate namespace claim docker.io/${org} --org ${org}`,
      page: { to: '/console/o/$org/namespaces', title: 'Namespaces' },
    },
    {
      key: 'token',
      title: 'Create a personal access token',
      about: 'It is the password of docker login. Whoever runs the gate creates it with this command, you on the page',
      command: `npx pullgate token create --user ${username} --label docker`,
      page: { to: '/console/o/$org/access-tokens', title: 'Access tokens' },
    },
    {
      key: 'login',
      title: 'Sign in with Docker',
      about: 'Paste the token when it asks for the password.',
      command: `docker login ${host} --username ${username}`,
    },
    {
      key: 'pull',
      title: 'Pull a first image',
      about: 'It comes through the gate, and is on the Pulls page at once.',
      command: `docker pull ${host}/library/hello-world`,
      page: { to: '/console/o/$org/pulls', title: 'Pulls' },
    },
    {
      key: 'policy',
      title: 'Turn Image Access Management on',
      about: 'Until then members may pull every image. You see what would have been refused before it counts.',
      page: { to: '/console/o/$org/image-access', title: 'Image access' },
    },
    {
      key: 'people',
      title: 'Invite people',
      about: 'You are an owner, who may pull everything: the policy counts for those whom you invite.',
      page: { to: '/console/o/$org/members', title: 'Members' },
    },
  ];
}

interface StepItemProps {
  readonly org: string;
  readonly step: Step;
  readonly isDone: boolean;
}

function StepItem({ org, step: { title, about, command, page }, isDone }: StepItemProps) {
  const Icon = isDone ? CheckCircleIcon : RadioButtonUncheckedIcon;
  return (
    <Box component="li" sx={{ display: 'flex', gap: 1.5 }}>
      <Icon aria-hidden sx={{ color: isDone ? 'success.main' : 'text.secondary' }} />
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography sx={{ fontWeight: 600, color: isDone ? 'text.secondary' : 'text.primary' }}>
          {title}
          <Box component="span" sx={visuallyHidden}>
            {isDone ? ': done' : ': to do'}
          </Box>
        </Typography>
        {!isDone && (
          <>
            <Typography color="textSecondary" sx={{ mb: command === undefined ? 0 : 1 }}>
              {about}{' '}
              {page && (
                <PageLink to={page.to} params={{ org }}>
                  {page.title}
                </PageLink>
              )}
            </Typography>
            {command !== undefined && <CodeLine text={command} what="the command" />}
          </>
        )}
      </Box>
    </Box>
  );
}
