import Alert from '@mui/material/Alert';
import Link from '@mui/material/Link';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from '@tanstack/react-router';
import { mappedGroupsQuery } from './team-queries.ts';

/** Says when an identity provider decides who is in the team: what is changed here by hand does not last then. */
export function MappedGroups({ org, team }: { readonly org: string; readonly team: string }) {
  const { data: groups = [] } = useQuery(mappedGroupsQuery(org, team));
  if (groups.length === 0) return null;
  const names = groups.map(({ group, connection }) => `${group} of ${connection}`).join(', ');
  return (
    <Alert severity="info" sx={{ overflowWrap: 'anywhere' }}>
      This team follows {groups.length === 1 ? 'a group' : 'groups'} of{' '}
      <Link component={RouterLink} to={`/console/o/${org}/single-sign-on`} color="inherit">
        single sign-on
      </Link>
      : {names}. Whoever signs in there joins or leaves it by those groups, also when they were added or removed here.
    </Alert>
  );
}
