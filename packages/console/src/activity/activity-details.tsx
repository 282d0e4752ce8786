import Typography from '@mui/material/Typography';
import type { ActivityBody } from '@pullgate/contract';
import { CopyableText } from '../components/copyable-text.tsx';
import { Details } from '../components/details.tsx';
import { exactTime } from '../components/exact-time.ts';
import { type Fact, Facts } from '../components/facts.tsx';
import { actorName } from './actor.ts';
import { ChangeTable } from './change-table.tsx';
import { changesBetween } from './changes.ts';

interface ActivityDetailsProps {
  readonly row: ActivityBody;
  /** Of the action. */
  readonly label: string;
  readonly onClose: () => void;
}

/** One row of the activity, whole. */
export function ActivityDetails({ row, label, onClose }: ActivityDetailsProps) {
  return (
    <Details title={`${label}: ${row.name}`} onClose={onClose}>
      {row.action_description !== '' && <Typography color="textSecondary">{row.action_description}</Typography>}
      <Typography variant="h3">What changed</Typography>
      <ChangeTable changes={changesBetween(row.before, row.after)} />
      <Typography variant="h3">Who, when, from where</Typography>
      <Facts facts={factsOf(row)} />
    </Details>
  );
}

function factsOf(row: ActivityBody): readonly Fact[] {
  return [
    ['Who', actorName(row)],
    ['With', row.actor.via],
    ['When', exactTime(row.at)],
    ['From', row.address],
    ['Action', row.action],
    ['Row', `${row.sequence} of the whole log`],
    ['Hash', <CopyableText key="hash" text={row.hash} what="the hash" />],
  ];
}
