import type { PullBody } from '@pullgate/contract';
import { categoryLabel } from '@pullgate/policy';
import type { Column } from '../components/data-grid.tsx';
import { Time } from '../components/time.tsx';
import { shortImageName } from './image-name.ts';
import { ruleNames } from './rule-names.ts';
import { Verdict } from './verdict.tsx';

export const pullColumns: readonly Column<PullBody>[] = [
  { field: 'at', headerName: 'When', width: 120, renderCell: ({ row }) => <Time value={row.at} /> },
  { field: 'verdict', headerName: 'Verdict', width: 100, renderCell: ({ row }) => <Verdict verdict={row.verdict} /> },
  { field: 'repository', headerName: 'Image', flex: 3, minWidth: 240, valueGetter: (_, row) => shortImageName(row) },
  {
    field: 'person',
    headerName: 'Person',
    flex: 1,
    minWidth: 110,
    valueGetter: (_, row) => row.person ?? 'nobody signed in',
  },
  {
    field: 'category',
    headerName: 'Type',
    width: 140,
    hiddenBelow: 'sm',
    valueGetter: (_, row) => categoryLabel[row.category],
  },
  {
    field: 'rule',
    headerName: 'Decided by',
    flex: 1,
    minWidth: 160,
    hiddenBelow: 'md',
    valueGetter: (_, row) => ruleNames[row.rule],
  },
  { field: 'client', headerName: 'Client', width: 110, hiddenBelow: 'md' },
  { field: 'operation', headerName: 'Asked for', width: 100, hiddenBelow: 'lg' },
];
