import Link from '@mui/material/Link';
import type { MemberBody } from '@pullgate/contract';
import { Link as RouterLink } from '@tanstack/react-router';
import { Fragment } from 'react';
import { Details } from '../components/details.tsx';
import { Facts } from '../components/facts.tsx';
import { Time } from '../components/time.tsx';
import { LastSeen, originOf } from './member-columns.tsx';

interface MemberDetailsProps {
  readonly org: string;
  readonly member: MemberBody;
  readonly isOwner: boolean;
  readonly onClose: () => void;
}

/** Everything that is told of one member, also on screens too narrow for all columns. */
export function MemberDetails({ org, member, isOwner, onClose }: MemberDetailsProps) {
  return (
    <Details title={member.username} onClose={onClose}>
      <Facts
        facts={[
          ['Name', member.full_name || null],
          ['Role', member.role],
          ['Teams', <Teams key="teams" org={org} names={member.groups} />],
          ['E-mail', member.email || null],
          ['From', isOwner ? originOf(member) : null],
          ['Last seen', isOwner ? <LastSeen key="seen" member={member} /> : null],
          ['Account created', <Time key="since" value={member.date_joined} />],
        ]}
      />
    </Details>
  );
}

function Teams({ org, names }: { readonly org: string; readonly names: readonly string[] }) {
  if (names.length === 0) return 'None';
  return names.map((team, index) => (
    <Fragment key={team}>
      {index > 0 && ', '}
      <Link component={RouterLink} to={`/console/o/${org}/teams/${team}`}>
        {team}
      </Link>
    </Fragment>
  ));
}
