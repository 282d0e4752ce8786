import type { ActionGroupBody } from '@pullgate/contract';
import type { FilterOption } from '../components/filter-select.tsx';

/** Every action to choose from, by its full name. @param groups by the first part of the names */
export function actionOptions(groups: Readonly<Record<string, ActionGroupBody>>): readonly FilterOption<string>[] {
  return Object.entries(groups).flatMap(([group, { label, actions }]) =>
    actions.map((action) => ({ value: `${group}.${action.name}`, label: action.label, group: label })),
  );
}
