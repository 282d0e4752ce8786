import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { TeamBody } from '@pullgate/contract';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link as RouterLink, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useMembership } from '../app/membership.ts';
import { Page } from '../components/page.tsx';
import { Section } from '../components/section.tsx';
import { DeleteTeam } from './delete-team.tsx';
import { EditTeam } from './edit-team.tsx';
import { MappedGroups } from './mapped-groups.tsx';
import { TeamMembers } from './team-members.tsx';
import { ownersTeam, teamQuery } from './team-queries.ts';

const route = '/signed-in/console/o/$org/teams/$team';

/** One team: what it is for, the role that it gives, and who is in it. */
export function TeamPage() {
  const { org, isOwner } = useMembership();
  const { team: name } = useParams({ from: route });
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: '/console/o/$org/teams/$team' });
  const { data: team } = useSuspenseQuery(teamQuery(org, name));
  return (
    <Page
      title={team.name}
      lead={<Lead org={org} team={team} isOwner={isOwner} />}
      actions={isOwner && <Actions key={team.id} org={org} team={team} />}
    >
      {team.description !== '' && <Typography sx={{ maxWidth: 760 }}>{team.description}</Typography>}
      {isOwner && <MappedGroups org={org} team={team.name} />}
      <Section title="Members">
        <TeamMembers
          org={org}
          team={team.name}
          isOwner={isOwner}
          search={search}
          onSearch={(change) =>
            void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false })
          }
        />
      </Section>
    </Page>
  );
}

interface TeamProps {
  readonly org: string;
  readonly team: TeamBody;
}

function Lead({ org, team, isOwner }: TeamProps & { readonly isOwner: boolean }) {
  return (
    <>
      One of the{' '}
      <Link component={RouterLink} to={`/console/o/${org}/teams`}>
        teams of {org}
      </Link>
      . {roleSentence(team)} {!isOwner && 'Owners of the organization change it.'}
    </>
  );
}

function roleSentence({ name, role }: TeamBody): string {
  if (name.toLowerCase() === ownersTeam) return 'Its members are the owners of the organization.';
  return role === 'member' ? 'It gives its members no further role.' : `Its members have at least the role ${role}.`;
}

/** The team of the owners stays, and only its description can be changed. */
function Actions({ org, team }: TeamProps) {
  const [isEditing, setIsEditing] = useState(false);
  const [isDeleting, setIsDeleting] = useState(false);
  return (
    <>
      <Button variant="outlined" onClick={() => setIsEditing(true)}>
        Edit
      </Button>
      {team.name.toLowerCase() !== ownersTeam && (
        <Button color="error" onClick={() => setIsDeleting(true)}>
          Delete
        </Button>
      )}
      {isEditing && <EditTeam org={org} team={team} onClose={() => setIsEditing(false)} />}
      {isDeleting && <DeleteTeam org={org} team={team.name} onClose={() => setIsDeleting(false)} />}
    </>
  );
}
