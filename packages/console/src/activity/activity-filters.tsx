import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FilterBar } from '../components/filter-bar.tsx';
import { FilterSelect } from '../components/filter-select.tsx';
import { SearchField } from '../components/search-field.tsx';
import { TimeFilter } from '../components/time-filter.tsx';
import { actionOptions } from './action-options.ts';
import { actionsQuery } from './activity-queries.ts';
import type { ActivityFilter } from './activity-search.ts';

interface ActivityFiltersProps {
  readonly org: string;
  readonly filter: ActivityFilter;
  readonly onChange: (change: Partial<ActivityFilter>) => void;
  readonly onClear: () => void;
}

export function ActivityFilters({ org, filter, onChange, onClear }: ActivityFiltersProps) {
  const { data: groups = {} } = useQuery(actionsQuery(org));
  const [clearings, setClearings] = useState(0);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);

  function clear(): void {
    setClearings(clearings + 1);
    onClear();
  }

  return (
    <FilterBar onClear={isFiltered ? clear : undefined}>
      <SearchField
        label="Who (exact name)"
        value={filter.actor ?? ''}
        maxLength={100}
        onSearch={(actor) => onChange({ actor: actor.trim() || undefined })}
      />
      <SearchField
        label="What (exact name)"
        value={filter.name ?? ''}
        maxLength={300}
        onSearch={(name) => onChange({ name: name.trim() || undefined })}
      />
      <FilterSelect
        label="Action"
        value={filter.action}
        options={actionOptions(groups)}
        onChange={(action) => onChange({ action })}
      />
      {/* Its fields for from and to close with the filters. */}
      <TimeFilter key={clearings} value={filter} onChange={onChange} />
    </FilterBar>
  );
}
