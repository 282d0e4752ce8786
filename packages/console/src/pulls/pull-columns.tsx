import type { PullBody } from '@pullgate/contract';
import { imageKindLabel } from '@pullgate/policy';
import type { Column } from '../components/data-grid.tsx';
import { Time } from '../components/time.tsx';
import { shortImageName } from './image-name.ts';
import { ruleNames } from './rule-names.ts';
import { Verdict } from './verdict.tsx';

export const pullColumns: readonly Column<PullBody>[] = [
  { field: 'verdict', headerName: 'Verdict', width: 104, renderCell: ({ row }) => <Verdict verdict={row.verdict} /> },
  { field: 'repository', headerName: 'Image', flex: 3, minWidth: 200, valueGetter: (_, row) => shortImageName(row) },
  { field: 'at', headerName: 'When', width: 130, hiddenBelow: 'sm', renderCell: ({ row }) => <Time value={row.at} /> },
  {
    field: 'person',
    headerName: 'Person',
    flex: 1,
    minWidth: 90,
    hiddenBelow: 'sm',
    valueGetter: (_, row) => row.person ?? 'nobody signed in',
  },
  {
    field: 'category',
    headerName: 'Type',
    width: 150,
    hiddenBelow: 'sm',
    valueGetter: (_, row) => imageKindLabel[row.category],
  },
  {
    field: 'rule',
    headerName: 'Decided by',
    width: 164,
    hiddenBelow: 'lg',
    valueGetter: (_, row) => ruleNames[row.rule],
  },
  { field: 'client', headerName: 'Client', width: 100, hiddenBelow: 'md' },
];
