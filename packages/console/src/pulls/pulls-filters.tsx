import { imageKinds } from '@pullgate/policy';
import { useState } from 'react';
import { FilterBar } from '../components/filter-bar.tsx';
import { FilterSelect } from '../components/filter-select.tsx';
import { SearchField } from '../components/search-field.tsx';
import { TimeFilter } from '../components/time-filter.tsx';
import { categoryNames } from '../image-access/category-names.ts';
import { clientFamilies, type PullsFilter } from './pulls-search.ts';

interface PullsFiltersProps {
  readonly filter: PullsFilter;
  readonly onChange: (change: Partial<PullsFilter>) => void;
  readonly onClear: () => void;
}

const verdicts = [
  { value: 'allow', label: 'Allowed' },
  { value: 'deny', label: 'Refused' },
] as const;

const types = imageKinds.map((category) => ({ value: category, label: categoryNames[category] }));
const clients = clientFamilies.map((family) => ({ value: family, label: family }));

export function PullsFilters({ filter, onChange, onClear }: PullsFiltersProps) {
  const [clearings, setClearings] = useState(0);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);

  function clear(): void {
    setClearings(clearings + 1);
    onClear();
  }

  return (
    <FilterBar onClear={isFiltered ? clear : undefined}>
      <SearchField
        label="Image"
        value={filter.image ?? ''}
        maxLength={320}
        onSearch={(image) => onChange({ image: image.trim() || undefined })}
      />
      <SearchField
        label="Exact user name"
        value={filter.person ?? ''}
        maxLength={254}
        onSearch={(person) => onChange({ person: person.trim() || undefined })}
      />
      <FilterSelect
        label="Verdict"
        value={filter.verdict}
        options={verdicts}
        onChange={(verdict) => onChange({ verdict })}
      />
      <FilterSelect
        label="Type of image"
        value={filter.category}
        options={types}
        onChange={(category) => onChange({ category })}
      />
      <FilterSelect
        label="Client"
        value={filter.client}
        options={clients}
        onChange={(client) => onChange({ client })}
      />
      {/* Its fields for from and to close with the filters. */}
      <TimeFilter key={clearings} value={filter} onChange={onChange} />
    </FilterBar>
  );
}
