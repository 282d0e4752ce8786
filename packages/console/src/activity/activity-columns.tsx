import type { ActivityBody } from '@pullgate/contract';
import type { Column } from '../components/data-grid.tsx';
import { Time } from '../components/time.tsx';
import { actorName } from './actor.ts';
import { changesBetween, settingName } from './changes.ts';

/** @param labelOf an action, by its full name */
export function activityColumns(labelOf: (action: string) => string): readonly Column<ActivityBody>[] {
  return [
    {
      field: 'at',
      headerName: 'When',
      width: 130,
      hiddenBelow: 'sm',
      renderCell: ({ row }) => <Time value={row.at} />,
    },
    { field: 'actor', headerName: 'Who', flex: 1, minWidth: 84, valueGetter: (_, row) => actorName(row) },
    { field: 'action', headerName: 'Did', flex: 2, minWidth: 240, valueGetter: (_, row) => labelOf(row.action) },
    { field: 'name', headerName: 'What', flex: 1, minWidth: 170, hiddenBelow: 'sm' },
    {
      field: 'changes',
      headerName: 'Change',
      flex: 2,
      minWidth: 200,
      hiddenBelow: 'md',
      valueGetter: (_, row) => summaryOf(row),
    },
    { field: 'address', headerName: 'From', width: 130, hiddenBelow: 'lg' },
  ];
}

function summaryOf({ before, after }: ActivityBody): string {
  return changesBetween(before, after)
    .filter(({ name }) => name !== 'id' && name !== 'version')
    .map(({ name, before: old, after: young }) => {
      if (before === null) return `${settingName(name)}: ${young.join(' ')}`;
      if (old.length === 1 && young.length === 1) return `${settingName(name)}: ${old[0]} → ${young[0]}`;
      const change = [...old.map((word) => `−${word}`), ...young.map((word) => `+${word}`)];
      return `${settingName(name)}: ${change.join(' ')}`;
    })
    .join('; ');
}
