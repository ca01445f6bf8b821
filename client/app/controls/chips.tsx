import type { JSX } from 'preact';
import { areaFilter } from '../../../protocol/view/query-filters.js';
import { describeArea, describeFilter, withFilter, withoutArea, zoneOf } from '../filters.js';
import { Icon } from '../icon.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';

/** The filters that are active, each with a button that clears it. */
export function Chips(): JSX.Element | null {
  const { plot, dataset, navigation, change } = useStore();
  const filters = plot.value?.addressFilters ?? [];
  const columns = dataset.value?.columns ?? [];
  const areas = (navigation.view.value?.areas ?? []).filter(
    (area) => typeof areaFilter(area, columns) !== 'string',
  );
  if (filters.length + areas.length === 0) return null;
  return (
    <ul class="chips" aria-label="Active filters">
      {filters.map((filter) => (
        <li key={`${filter.op} ${filter.column}`} class="chip">
          <span>
            <b>{filter.column}</b>{' '}
            {describeFilter(filter, zoneOf(columns, filter.column, plot.value?.timeZone))}
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
      {areas.map((area, at) => (
        <li key={`area ${at}`} class="chip">
          <span>
            <b>
              {area.x}, {area.y}
            </b>{' '}
            {describeArea(area)}
          </span>
          <button
            type="button"
            aria-label={`Clear the area of ${area.x} and ${area.y}`}
            title="Clear this filter"
            onClick={() => change((view) => withoutArea(view, area))}
          >
            <Icon name="close" size={12} />
          </button>
        </li>
      ))}
      {filters.length + areas.length > 1 && (
        <li>
          <button
            type="button"
            class="button quiet small"
            onClick={() => change((view) => edit(view, { filters: undefined, areas: undefined }))}
          >
            Clear all
          </button>
        </li>
      )}
    </ul>
  );
}
