import type { JSX } from 'preact';
import { describeFilter, withFilter } from '../filters.js';
import { Icon } from '../icon.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';

/** The filters that are active, each with a button that clears it. */
export function Chips(): JSX.Element | null {
  const { plot, change } = useStore();
  const filters = plot.value?.addressFilters ?? [];
  if (filters.length === 0) return null;
  return (
    <ul class="chips" aria-label="Active filters">
      {filters.map((filter) => (
        <li key={`${filter.op} ${filter.column}`} class="chip">
          <span>
            <b>{filter.column}</b> {describeFilter(filter)}
          </span>
          <button
            type="button"
            aria-label={`Clear the filter on ${filter.column}`}
            title="Clear this filter"
            onClick={() => change((view) => withFilter(view, filter.column))}
          >
            <Icon name="close" size={12} />
          </button>
        </li>
      ))}
      {filters.length > 1 && (
        <li>
          <button
            type="button"
            class="button quiet small"
            onClick={() => change((view) => edit(view, { filters: undefined }))}
          >
            Clear all
          </button>
        </li>
      )}
    </ul>
  );
}
